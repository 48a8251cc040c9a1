package dev.watermill.broker.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Dead letters of topics on topics: where they go, once each, and what is too much.
 */
class KafkaDeadLetterTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Cluster cluster = Cluster.shared();

	private final String name = "letters-" + UUID.randomUUID();

	private KafkaBroker broker;

	private MillBuilder builder;

	private Input<Long> a;

	private Mill mill;

	@AfterEach
	void stop() {
		if (this.mill != null) {
			this.mill.stop();
		}
	}

	private String topic(String stream) {
		return this.name + "-" + stream;
	}

	private void create(String stream, int partitions) {
		this.cluster.topics().create(topic(stream), partitions);
	}

	private void send(String stream, int partition, String... values) {
		this.cluster.sendValues(topic(stream), partition,
				List.of(values).stream().map((value) -> value.getBytes(StandardCharsets.UTF_8)).toList());
	}

	private StreamDefinition<Long> stream(String stream, String... property) {
		return new StreamDefinition<>(stream, Long.class,
				(property.length > 0) ? Map.of(KafkaBroker.TOPIC_PROPERTY, topic(stream), property[0], "true")
						: Map.of(KafkaBroker.TOPIC_PROPERTY, topic(stream)));
	}

	/**
	 * Begin another mill of the same name, as another process would.
	 */
	private MillBuilder begin() {
		this.broker = this.cluster.broker(this.name);
		this.builder = Mill.builder("mill")
			.pollTimeout(Duration.ofMillis(100))
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
		this.a = this.builder.from(stream("a"), this.broker);
		this.a.onInvalid(ErrorPolicy.DEAD_LETTER);
		return this.builder;
	}

	private JoinMany<Long, Long> join(String... property) {
		JoinMany<Long, Long> b = this.builder.join(this.a, stream("b", property), this.broker)
			.onLong((left) -> left, (right) -> right)
			.many();
		b.onInvalid(ErrorPolicy.DEAD_LETTER);
		b.onDisorder(ErrorPolicy.DEAD_LETTER);
		return b;
	}

	private Mill start() {
		this.mill = this.builder.build();
		this.mill.start();
		return this.mill;
	}

	private void awaitEnd(MillState state) {
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.mill.state()).as("%s", this.mill.status())
				.isIn(MillState.COMPLETED, MillState.FAILED, MillState.STOPPED));
		assertThat(this.mill.state()).as("%s", this.mill.status()).isEqualTo(state);
	}

	private List<ConsumerRecord<String, String>> letters(String stream) {
		// waits for the end of the last transaction
		this.cluster.values(topic(stream) + "-dlt");
		return this.cluster.topics().read(topic(stream) + "-dlt");
	}

	private static String header(ConsumerRecord<?, ?> letter, String name) {
		Header header = letter.headers().lastHeader(name);
		return (header != null) ? new String(header.value(), StandardCharsets.UTF_8) : null;
	}

	@Test
	void writesToThePartitionTheElementStoodIn() {
		create("a", 3);
		create("b", 1);
		for (int lane = 0; lane < 3; lane++) {
			send("a", lane, "1", "\"bad " + lane + "\"", Cluster.END);
		}
		send("b", 0, "0", "\"once\"", "1", "2", Cluster.END);
		create("b-dlt", 1);
		begin();
		join(KafkaBroker.BROADCAST_PROPERTY);
		this.builder.concurrency(3).forEach((delivery) -> delivery.get(this.a));
		start();
		awaitEnd(MillState.COMPLETED);
		assertThat(letters("a")).extracting(ConsumerRecord::value)
			.containsExactly("\"bad 0\"", "\"bad 1\"", "\"bad 2\"");
		assertThat(letters("a")).extracting(ConsumerRecord::partition).containsExactly(0, 1, 2);
		// every lane has read it, and the first one has written it
		assertThat(letters("b")).extracting(ConsumerRecord::value).containsExactly("\"once\"");
		assertThat(this.mill.counters().inputs().get("b").deadLettered(SkipReason.INVALID).get()).isEqualTo(1);
	}

	@Test
	void writesALetterWithinAnOpenGroupOnceAlthoughTheGroupIsReadAgain() {
		create("a", 1);
		create("b", 1);
		send("a", 0, "1", "5");
		send("b", 0, "1", "\"bad\"", "0", "5", "\"worse\"", "5");
		begin();
		JoinMany<Long, Long> b = join();
		this.builder.process((delivery) -> (long) delivery.get(b).get(delivery.get(this.a)).size())
			.to(stream("out"), Long.class, this.broker);
		start();
		// the group of 5 waits for another key, and what is bad in it is written
		Awaitility.await().atMost(PATIENCE).until(() -> this.mill.counters().deliveries().get() == 1);
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> this.mill.counters().inputs().get("b").deadLettered(SkipReason.INVALID).get() == 2);
		this.mill.stop();
		awaitEnd(MillState.STOPPED);
		assertThat(this.cluster.topics().committed(this.name + "-mill-b", topic("b"), 0).offset()).isEqualTo(3);
		assertThat(letters("b")).extracting(ConsumerRecord::value).containsExactly("\"bad\"", "0", "\"worse\"");
		begin();
		JoinMany<Long, Long> again = join();
		this.builder.process((delivery) -> (long) delivery.get(again).get(delivery.get(this.a)).size())
			.to(stream("out"), Long.class, this.broker);
		start();
		send("b", 0, "\"new\"", "6", Cluster.END);
		send("a", 0, Cluster.END);
		awaitEnd(MillState.COMPLETED);
		assertThat(this.cluster.values(topic("out"))).containsExactly("1", "2", Cluster.END);
		assertThat(letters("b")).extracting(ConsumerRecord::value)
			.containsExactly("\"bad\"", "0", "\"worse\"", "\"new\"");
		assertThat(letters("b")).extracting((letter) -> header(letter, "watermill-reason"))
			.containsExactly("invalid", "disorder", "invalid", "invalid");
	}

	/**
	 * Run a version of the application that refuses some elements of three partitions.
	 */
	private void startRefusing(Set<Long> refused) {
		this.broker = this.cluster.broker(this.name);
		this.builder = Mill.builder("mill").pollTimeout(Duration.ofMillis(100));
		this.a = this.builder.from(stream("a", KafkaBroker.MERGE_PROPERTY), this.broker);
		this.a.onInvalid(ErrorPolicy.DEAD_LETTER);
		this.builder.windowBy(KeyFunction.ofLong("tens", (Long element) -> {
			if (refused.contains(element)) {
				throw new IllegalArgumentException("not in this version");
			}
			return element / 10;
		}))
			.process((delivery) -> delivery.window(this.a).stream().mapToLong(Long::longValue).sum())
			.to(stream("out"), Long.class, this.broker);
		start();
	}

	@Test
	void writesWhatANewVersionRefusesThoughLettersBehindItAreWritten() {
		create("a", 3);
		send("a", 0, "1", "11", "16");
		send("a", 1, "12", "14");
		send("a", 2, "13", "15");
		startRefusing(Set.of(12L, 13L));
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> this.mill.counters().inputs().get("a").deadLettered(SkipReason.INVALID).get() == 2);
		this.mill.stop();
		awaitEnd(MillState.STOPPED);
		startRefusing(Set.of(11L, 13L));
		for (int partition = 0; partition < 3; partition++) {
			send("a", partition, "21", Cluster.END);
		}
		awaitEnd(MillState.COMPLETED);
		assertThat(letters("a")).extracting(ConsumerRecord::value).containsExactlyInAnyOrder("11", "12", "13");
		assertThat(this.cluster.values(topic("out"))).containsExactly("1", "45", "63", Cluster.END);
	}

	@Test
	void writesTheRecordsOfAWindowForWhichTheFunctionFailed() {
		create("a", 1);
		create("a-dlt", 1);
		// those of others say nothing of this mill
		send("a-dlt", 0, "\"of another mill\"");
		send("a", 0, "1", "2", "11", "12", "21", Cluster.END);
		begin().onError(ErrorPolicy.DEAD_LETTER)
			.windowBy(KeyFunction.ofLong("tens", (Long element) -> element / 10))
			.forEach((delivery) -> {
				if (delivery.window(this.a).contains(11L)) {
					throw new IllegalStateException("as intended");
				}
			});
		start();
		awaitEnd(MillState.COMPLETED);
		List<ConsumerRecord<String, String>> letters = letters("a");
		assertThat(letters).extracting(ConsumerRecord::value).containsExactly("\"of another mill\"", "11", "12");
		ConsumerRecord<String, String> last = letters.get(2);
		assertThat(header(last, "watermill-reason")).isEqualTo("failed");
		assertThat(header(last, "kafka_dlt-exception-fqcn")).isEqualTo(IllegalStateException.class.getName());
		assertThat(header(last, "watermill-positions")).startsWith("{\"a\":");
	}

	@Test
	void beginsToWriteThemWhereTheMillCommittedInItsGroupsBefore() {
		create("a", 1);
		send("a", 0, "1", "\"skipped\"", "2");
		begin();
		this.a.onInvalid(ErrorPolicy.SKIP);
		this.builder.forEach((delivery) -> delivery.get(this.a));
		start();
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> this.cluster.topics().lag(this.name + "-mill-a", topic("a"), 0).orElse(-1) == 0);
		this.mill.stop();
		awaitEnd(MillState.STOPPED);
		send("a", 0, "\"bad\"", "3", Cluster.END);
		begin().forEach((delivery) -> delivery.get(this.a));
		start();
		awaitEnd(MillState.COMPLETED);
		assertThat(this.mill.counters().deliveries().get()).isEqualTo(1);
		assertThat(letters("a")).extracting(ConsumerRecord::value).containsExactly("\"bad\"");
	}

	@Test
	void letsHeadersGiveWayAndFailsForWhatIsTooLargeByItself() {
		create("a", 1);
		this.cluster.topics().create(topic("a") + "-dlt", 1, Map.of("max.message.bytes", "3000"));
		send("a", 0, "\"" + "x".repeat(2_500) + "\"", "1", Cluster.END);
		begin().forEach((delivery) -> delivery.get(this.a));
		start();
		awaitEnd(MillState.COMPLETED);
		assertThat(letters("a")).singleElement().satisfies((letter) -> {
			assertThat(letter.value()).startsWith("\"xxx");
			assertThat(header(letter, "watermill-reason")).isEqualTo("invalid");
			assertThat(header(letter, "kafka_dlt-exception-stacktrace")).isNull();
		});
		send("a", 0, "\"" + "y".repeat(3_500) + "\"", Cluster.END);
		begin().forEach((delivery) -> delivery.get(this.a));
		start();
		awaitEnd(MillState.FAILED);
		assertThat(this.mill.status().lastError().message()).contains("Dead letters of 'a'", topic("a") + "-dlt",
				"could not take the dead letter of " + topic("a") + "-0@3", "RecordTooLarge",
				"The element is too large by itself", "max.message.bytes", "or set what the stream does with such");
	}

	@Test
	void takesOfTheSettingsOfAStreamWhatIsForThoseWhoWrite() {
		StreamDefinition<Long> read = new StreamDefinition<>("a", Long.class,
				Map.of(KafkaBroker.TOPIC_PROPERTY, "orders", "fetch.min.bytes", "1", "interceptor.classes",
						"x.Consuming", "compression.type", "lz4", "security.protocol", "SSL", "of.an.engine", "x"));
		KafkaTopic letters = KafkaTopic.of(read).defaultDeadLetters();
		assertThat(letters.name()).isEqualTo("orders-dlt");
		assertThat(letters.clientSettings()).containsOnlyKeys("compression.type", "security.protocol", "of.an.engine");
		StreamDefinition<Long> longName = new StreamDefinition<>("a", Long.class,
				Map.of(KafkaBroker.TOPIC_PROPERTY, "x".repeat(246)));
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> this.cluster.broker("p").defaultDeadLetterSink(longName))
			.withMessageContaining("Name another place");
	}

	@Test
	void refusesACompactedTopic() {
		create("a", 1);
		this.cluster.topics().create(topic("a") + "-dlt", 1, Map.of("cleanup.policy", "compact"));
		send("a", 0, "1", Cluster.END);
		begin().forEach((delivery) -> delivery.get(this.a));
		start();
		awaitEnd(MillState.FAILED);
		assertThat(this.mill.status().lastError().message()).contains("Dead letters of 'a'", "is compacted",
				"Name a topic whose cleanup.policy is delete");
	}

}
