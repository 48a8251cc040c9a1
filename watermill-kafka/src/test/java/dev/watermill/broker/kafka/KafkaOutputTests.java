package dev.watermill.broker.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.Result;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.key.KeyFunction;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.LongSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a topic takes of a mill's results, and how their end is written.
 */
class KafkaOutputTests {

	private static final KeyFunction<Long> KEY = KeyFunction.ofLong("key", (result) -> result);

	private final Cluster cluster = Cluster.shared();

	private final String prefix = "output-" + UUID.randomUUID();

	private final String in = this.prefix + "-in";

	private final String out = this.prefix + "-out";

	private Mill mill;

	@AfterEach
	void stop() {
		this.mill.stop();
	}

	private String run(String endMark, KeyFunction<Long> key, Function<Long, Object> function, boolean json) {
		this.cluster.topics().create(this.in, 1);
		this.cluster.send(this.in, List.of(1, 2));
		this.cluster.end(this.in);
		KafkaBroker broker = this.cluster.broker(this.prefix);
		if (!json) {
			broker = broker.derive().serializer("out", LongSerializer::new).build();
		}
		MillBuilder builder = Mill.builder("mill").commitInterval(Duration.ofMinutes(1));
		Input<Long> input = builder.from(Cluster.topic("in", Long.class, this.in), broker);
		Map<String, String> properties = (endMark != null)
				? Map.of(KafkaBroker.TOPIC_PROPERTY, this.out, KafkaBroker.END_MARK_PROPERTY, endMark)
				: Map.of(KafkaBroker.TOPIC_PROPERTY, this.out);
		builder.to(new StreamDefinition<Long>("out", Long.class, properties), Long.class, broker, key);
		this.mill = builder.process((delivery) -> function.apply(delivery.get(input))).build();
		this.mill.start();
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.mill.status()).extracting(MillStatus::state)
				.as("%s", this.mill.status())
				.isIn(MillState.COMPLETED, MillState.FAILED));
		return (this.mill.state() == MillState.FAILED) ? this.mill.status().lastError().message() : "";
	}

	private void createOutput(String setting, String value) {
		this.cluster.topics().create(this.out, 1, Map.of(setting, value));
	}

	private ConsumerRecord<String, String> last() {
		this.cluster.values(this.out);
		List<ConsumerRecord<String, String>> records = this.cluster.topics().read(this.out);
		assertThat(records).hasSizeGreaterThanOrEqualTo(2);
		return records.get(records.size() - 1);
	}

	@Test
	void endsWithAValue() {
		assertThat(run(null, null, (element) -> element, true)).isEmpty();
		assertThat(last().value()).isEqualTo(Cluster.END);
		assertThat(last().key()).isNull();
	}

	@Test
	void endsWithAHeaderIfThatIsSaid() {
		assertThat(run("header", null, (element) -> element, true)).isEmpty();
		assertThat(last().value()).isNull();
		assertThat(last().headers().lastHeader("eos__").value()).asString().isEqualTo("true");
	}

	@Test
	void endsWithAHeaderWhereResultsAreNotJson() {
		assertThat(run(null, null, (element) -> element, false)).isEmpty();
		assertThat(last().value()).isNull();
		assertThat(last().headers().lastHeader("eos__").value()).asString().isEqualTo("true");
	}

	@Test
	void endsWithoutAMarkIfThatIsSaid() {
		assertThat(run("none", null, (element) -> element, true)).isEmpty();
		assertThat(last().value()).isEqualTo("2");
	}

	@Test
	void givesTheMarkAKeyAmongKeys() {
		createOutput("cleanup.policy", "compact");
		assertThat(run(null, KEY, (element) -> element, true)).isEmpty();
		assertThat(last().value()).isEqualTo(Cluster.END);
		assertThat(last().key()).isEqualTo("eos__");
	}

	@Test
	void refusesACompactedTopicForResultsWithoutKeys() {
		createOutput("cleanup.policy", "compact,delete");
		assertThat(run(null, null, (element) -> element, true)).contains("'" + this.out + "' is compacted", "'key'");
	}

	@Test
	void refusesAMarkThatWouldBeADeletion() {
		createOutput("cleanup.policy", "compact");
		assertThat(run("header", KEY, (element) -> element, true)).contains("'" + this.out + "' is compacted",
				"value or none");
	}

	@Test
	void failsForAResultThatIsTooLarge() {
		assertThat(run(null, null,
				(element) -> (element == 2) ? Result.of(element).withHeader("h", "x".repeat(2_000_000)) : element,
				true))
			.contains(this.out, "RecordTooLarge", "max.message.bytes");
	}

	@Test
	void failsForAResultThatIsTooLargeForTheTopic() {
		createOutput("max.message.bytes", "2000");
		assertThat(run(null, null,
				(element) -> (element == 2) ? Result.of(element).withHeader("h", "x".repeat(5_000)) : element, true))
			.contains(this.out, "RecordTooLarge", "max.message.bytes");
	}

	@Test
	void failsForATimestampThatTheTopicDoesNotTake() {
		createOutput("message.timestamp.after.max.ms", "1000");
		Instant future = Instant.now().plus(Duration.ofDays(1));
		assertThat(
				run(null, null, (element) -> (element == 2) ? Result.of(element).withTimestamp(future) : element, true))
			.contains(this.out, "message.timestamp.after.max.ms");
	}

	@Test
	void failsForAResultThatIsTooLargeForATopicWhoseLimitWasLowered() {
		assertThat(run(null, null, (element) -> {
			if (element == 1) {
				return element;
			}
			set("max.message.bytes", "2000");
			return Result.of(element).withHeader("h", "x".repeat(5_000));
		}, true)).contains(this.out, "RecordTooLarge", "max.message.bytes");
	}

	@Test
	void failsForAResultWithoutAKeyInATopicThatIsCompactedMeanwhile() {
		assertThat(run(null, null, (element) -> {
			if (element == 2) {
				set("cleanup.policy", "compact");
			}
			return element;
		}, true)).contains("'" + this.out + "'", "ompacted", "'key'");
	}

	private void set(String setting, String value) {
		ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, this.out);
		Cluster.get(this.cluster.admin()
			.incrementalAlterConfigs(Map.of(topic,
					List.of(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
			.all());
	}

	@Test
	void refusesAnInputThatIsItsOutputByAnotherBroker() {
		this.cluster.topics().create(this.in, 1);
		MillBuilder builder = Mill.builder("mill");
		Input<Long> input = builder.from(Cluster.topic("in", Long.class, this.in), this.cluster.broker(this.prefix));
		builder.to(Cluster.topic("out", Long.class, this.in), Long.class, this.cluster.broker(this.prefix + "-2"));
		this.mill = builder.process((delivery) -> delivery.get(input)).build();
		assertThat(this.mill.run()).isEqualTo(MillState.FAILED);
		assertThat(this.mill.status().lastError().message()).contains(this.in, "its own output", "same cluster");
	}

	@Test
	void refusesMillsWhoseConsumerGroupsWouldBeOne() {
		this.cluster.topics().create(this.in, 1);
		KafkaBroker broker = this.cluster.broker(this.prefix);
		this.mill = reader("robot", "speed-in", broker);
		Mill other = reader("robot-speed", "in", broker);
		this.mill.start();
		TopicMill.await(() -> this.mill.state() == MillState.RUNNING);
		assertThat(other.run()).isEqualTo(MillState.FAILED);
		assertThat(other.status().lastError().message()).contains(
				"The consumer group '" + this.prefix + "-robot-speed-in' would be that of",
				"'speed-in' of the mill 'robot'", "'in' of the mill 'robot-speed'");
	}

	private Mill reader(String name, String stream, KafkaBroker broker) {
		MillBuilder builder = Mill.builder(name);
		builder.from(Cluster.topic(stream, Long.class, this.in), broker);
		return builder.forEach((delivery) -> {
		}).build();
	}

}
