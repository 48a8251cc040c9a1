package dev.watermill.broker.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

import dev.watermill.JoinCondition;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.codec.ElementDecoder;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.Topics;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A mill from topics of numbers to a topic, which is started again and again, each time
 * as if by another process.
 */
final class TopicMill {

	/** How a mark is shown among results. */
	static final String END = "END";

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final String name = "topic-mill-" + UUID.randomUUID();

	private final Cluster cluster = Cluster.shared();

	private final Map<String, String> settings = new HashMap<>();

	private final Map<String, ElementDecoder<?>> decoders = new HashMap<>();

	private MillBuilder builder;

	private KafkaBroker broker;

	private Mill mill;

	TopicMill(String... inputs) {
		for (String input : inputs) {
			this.cluster.topics().create(topic(input), 1);
		}
	}

	Topics topics() {
		return this.cluster.topics();
	}

	String topic(String stream) {
		return this.name + "-" + stream;
	}

	String group(String stream) {
		return this.name + "-mill-" + stream;
	}

	String transactionalId() {
		return this.name + "-mill-0";
	}

	TopicPartition partition(String stream) {
		return new TopicPartition(topic(stream), 0);
	}

	/**
	 * Set a property of an input.
	 */
	void set(String stream, String property, String value) {
		this.settings.put(stream + " " + property, value);
	}

	/**
	 * Set what reads the elements of an input.
	 */
	void decode(String stream, ElementDecoder<Long> decoder) {
		this.decoders.put(stream, decoder);
	}

	void append(String stream, long... elements) {
		this.cluster.send(topic(stream), LongStream.of(elements).boxed().toList());
	}

	void appendAt(String stream, Instant time, long element) {
		topics().send(new ProducerRecord<>(topic(stream), 0, time.toEpochMilli(), null, String.valueOf(element)));
	}

	void end(String stream) {
		this.cluster.end(topic(stream));
	}

	private StreamDefinition<Long> definition(String stream) {
		Map<String, String> properties = new HashMap<>();
		properties.put(KafkaBroker.TOPIC_PROPERTY, topic(stream));
		this.settings.forEach((name, value) -> {
			if (name.startsWith(stream + " ")) {
				properties.put(name.substring(stream.length() + 1), value);
			}
		});
		return new StreamDefinition<>(stream, Long.class, properties);
	}

	/**
	 * Begin another mill of the same name.
	 * @return its builder, without a function
	 */
	MillBuilder begin() {
		KafkaBroker.Builder settings = this.cluster.builder(this.name, Map.of());
		this.decoders.forEach(settings::decoder);
		this.broker = settings.build();
		this.builder = Mill.builder("mill").pollTimeout(Duration.ofMillis(100));
		return this.builder;
	}

	Input<Long> master() {
		return this.builder.from(definition("a"), this.broker);
	}

	JoinMany<Long, Long> join(Input<Long> parent, String stream) {
		return matches(parent, stream).many();
	}

	JoinCondition<Long, Long>.Matches matches(Input<Long> parent, String stream) {
		return this.builder.join(parent, definition(stream), this.broker).onLong((left) -> left, (right) -> right);
	}

	MillBuilder builder() {
		return this.builder;
	}

	KafkaBroker broker() {
		return this.broker;
	}

	void output() {
		this.builder.to(definition("out"), Long.class, this.broker);
	}

	/**
	 * Begin another mill that writes the elements of stream {@code a}; those that are in
	 * the other streams, too.
	 */
	MillBuilder echo(String... joined) {
		begin();
		Input<Long> a = master();
		for (String stream : joined) {
			join(a, stream);
		}
		output();
		return this.builder.process((delivery) -> delivery.get(a));
	}

	/**
	 * Run the mill to its end.
	 */
	MillState run() throws InterruptedException {
		start();
		return awaitEnd();
	}

	Mill start() {
		this.mill = this.builder.build();
		this.mill.start();
		return this.mill;
	}

	Mill mill() {
		return this.mill;
	}

	MillState awaitEnd() throws InterruptedException {
		boolean ended = this.mill.awaitEnd(PATIENCE);
		if (!ended) {
			this.mill.stop();
		}
		assertThat(ended).as("end of %s", this.mill.status()).isTrue();
		return this.mill.state();
	}

	void stop() throws InterruptedException {
		this.mill.stop();
		assertThat(awaitEnd()).isEqualTo(MillState.STOPPED);
	}

	/**
	 * Run the mill until it fails.
	 * @return what it says
	 */
	String fail() throws InterruptedException {
		assertThat(run()).as("%s", this.mill.status()).isEqualTo(MillState.FAILED);
		return this.mill.status().lastError().message();
	}

	void completes() throws InterruptedException {
		assertThat(run()).as("%s", this.mill.status()).isEqualTo(MillState.COMPLETED);
	}

	/**
	 * Wait until a mill has read and written everything that is there.
	 */
	void awaitResults(String... results) {
		await(() -> results().equals(List.of(results)));
	}

	static void await(BooleanSupplier condition) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition::getAsBoolean);
	}

	/**
	 * What was written, marks among it.
	 */
	List<String> results() {
		if (!Cluster.get(topics().admin().listTopics().names()).contains(topic("out"))) {
			return List.of();
		}
		return this.cluster.values(topic("out"))
			.stream()
			.map((value) -> value.equals(Cluster.END) ? END : value)
			.toList();
	}

	OffsetAndMetadata committed(String stream) {
		return topics().committed(group(stream), topic(stream), 0);
	}

}
