package dev.watermill.broker.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StartFrom;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.delivery.EndOfStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Ends of topics, starting again behind them, and positions that are not there.
 */
class KafkaEndOfStreamTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Cluster cluster = Cluster.shared();

	private final String prefix = "eos-" + UUID.randomUUID();

	private final String left = this.prefix + "-left";

	private final String right = this.prefix + "-right";

	private final String out = this.prefix + "-out";

	private KafkaBroker broker() {
		return this.cluster.broker(this.prefix);
	}

	private void create(String... topics) {
		for (String topic : topics) {
			this.cluster.topics().create(topic, 1);
		}
	}

	private void append(String topic, long... numbers) {
		for (long number : numbers) {
			this.cluster.send(topic, List.of(new Number(number)));
		}
	}

	/**
	 * A mill that copies what it reads, and completes where nothing is new.
	 */
	private Mill copy(Consumer<MillBuilder> customizer) {
		KafkaBroker broker = broker();
		MillBuilder builder = Mill.builder("copy").waitForMore(false);
		Input<Number> input = builder.from(Cluster.topic("left", Number.class, this.left), broker);
		builder.windowBy(KeyFunction.<Number>ofLong("number", Number::number));
		builder.processAll((delivery) -> delivery.window(input));
		builder.to(Cluster.topic("out", Number.class, this.out), Number.class, broker);
		customizer.accept(builder);
		return builder.build();
	}

	private Mill join(boolean align) {
		KafkaBroker broker = broker();
		MillBuilder builder = Mill.builder("join").waitForMore(false);
		Input<Number> input = builder.from(Cluster.topic("left", Number.class, this.left), broker);
		JoinFirst<Number, Number> joined = builder
			.join(input,
					new StreamDefinition<Number>("right", Number.class, Map.of(KafkaBroker.TOPIC_PROPERTY, this.right,
							KafkaBroker.ALIGN_PROPERTY, String.valueOf(align))),
					broker)
			.onLong(Number::number, Number::number)
			.first();
		builder.process((delivery) -> delivery.get(joined).get(delivery.get(input)));
		builder.to(Cluster.topic("out", Number.class, this.out), Number.class, broker);
		return builder.build();
	}

	private List<String> out() {
		return this.cluster.values(this.out)
			.stream()
			.map((value) -> value.equals(Cluster.END) ? "end" : value.replaceAll("\\D", ""))
			.toList();
	}

	@Test
	void writesNoSecondMarkWhereNothingIsNew() {
		create(this.left);
		append(this.left, 1, 2);
		this.cluster.end(this.left);
		assertThat(copy((builder) -> {
		}).run()).isEqualTo(MillState.COMPLETED);
		assertThat(copy((builder) -> {
		}).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "2", "end");
	}

	@Test
	void refusesToReplaceAnArrayThatIsWhole(@TempDir Path directory) throws IOException {
		Path file = directory.resolve("out.json");
		Supplier<Mill> copy = () -> {
			MillBuilder builder = Mill.builder("copy").waitForMore(false);
			Input<Number> input = builder.from(Cluster.topic("left", Number.class, this.left), broker());
			builder.process((delivery) -> delivery.get(input));
			builder.to(
					new StreamDefinition<>("out", Number.class, Map.of(JsonFileBroker.FILE_PROPERTY, file.toString())),
					Number.class, JsonFileBroker.builder(Cluster.JSON).build());
			return builder.build();
		};
		create(this.left);
		append(this.left, 1, 2);
		this.cluster.end(this.left);
		assertThat(copy.get().run()).isEqualTo(MillState.COMPLETED);
		String whole = Files.readString(file);
		assertThat(copy.get().run()).as("nothing is new").isEqualTo(MillState.COMPLETED);
		append(this.left, 3);
		this.cluster.end(this.left);
		Mill refused = copy.get();
		assertThat(refused.run()).isEqualTo(MillState.FAILED);
		assertThat(String.valueOf(refused.status().lastError())).contains("Stream 'out'", "out.json", ".jsonl",
				"reset");
		assertThat(file).hasContent(whole);
		Files.move(file, directory.resolve("first.json"));
		refused.reset();
		assertThat(refused.run()).isEqualTo(MillState.COMPLETED);
		assertThat(Files.readString(file)).contains("1", "2").doesNotContain("3");
	}

	@Test
	void waitsForMoreUnlessItIsToldNotTo() {
		create(this.left);
		append(this.left, 1);
		this.cluster.end(this.left);
		Mill mill = copy((builder) -> builder.waitForMore(true));
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		mill.start();
		Awaitility.await().atMost(PATIENCE).until(() -> mill.state() == MillState.RUNNING);
		append(this.left, 7);
		this.cluster.end(this.left);
		Awaitility.await().atMost(PATIENCE).until(() -> mill.state() == MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "end", "7", "end");
	}

	@Test
	void stopsWhileItWaitsForMore() throws InterruptedException {
		create(this.left);
		this.cluster.end(this.left);
		Mill mill = copy((builder) -> builder.waitForMore(true));
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		mill.start();
		Awaitility.await().atMost(PATIENCE).until(() -> mill.state() == MillState.RUNNING);
		mill.stop();
		assertThat(mill.awaitEnd(PATIENCE)).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.STOPPED);
		assertThat(out()).containsExactly("end");
	}

	@Test
	void beginsTheOrderAnewBehindAMark() {
		create(this.left);
		append(this.left, 5, 6);
		this.cluster.end(this.left);
		append(this.left, 1, 2);
		this.cluster.end(this.left);
		assertThat(copy((builder) -> {
		}).run()).isEqualTo(MillState.COMPLETED);
		assertThat(copy((builder) -> {
		}).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("5", "6", "end", "1", "2", "end");
	}

	@Test
	void passesOverAMarkThatIsOwed() {
		create(this.left, this.right);
		append(this.left, 1);
		this.cluster.end(this.left);
		append(this.right, 1, 9);
		this.cluster.end(this.right);
		assertThat(join(true).run()).isEqualTo(MillState.COMPLETED);
		// what is left of the first segment is nothing new
		assertThat(join(true).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "end");
		append(this.left, 2, 9);
		this.cluster.end(this.left);
		append(this.right, 2, 3);
		this.cluster.end(this.right);
		assertThat(join(true).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "end", "2", "end");
	}

	@Test
	void mergesWhatIsLeftUnlessSegmentsAreAligned() {
		create(this.left, this.right);
		append(this.left, 1);
		this.cluster.end(this.left);
		append(this.right, 1, 9);
		this.cluster.end(this.right);
		assertThat(join(false).run()).isEqualTo(MillState.COMPLETED);
		append(this.left, 9);
		this.cluster.end(this.left);
		append(this.right, 10);
		this.cluster.end(this.right);
		assertThat(join(false).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "end", "9", "end");
	}

	@Test
	void goesOnWhereTheFunctionEndedTheStream() {
		create(this.left);
		append(this.left, 1, 2, 3);
		KafkaBroker broker = broker();
		MillBuilder builder = Mill.builder("ending");
		Input<Number> input = builder.from(Cluster.topic("left", Number.class, this.left), broker);
		builder.processAll((delivery) -> {
			Number number = delivery.get(input);
			return (number.number() == 2) ? List.of(number, EndOfStream.INSTANCE) : List.of(number);
		});
		builder.to(Cluster.topic("out", Number.class, this.out), Number.class, broker);
		Mill mill = builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "2", "end");
		mill.start();
		// the mark that the input owes is passed over, the next one is its own
		this.cluster.end(this.left);
		append(this.left, 1);
		this.cluster.end(this.left);
		Awaitility.await().atMost(PATIENCE).until(() -> mill.state() == MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "2", "end", "3", "1", "end");
	}

	@Test
	void endsASilentTopic() {
		create(this.left);
		append(this.left, 1);
		assertThat(copy((builder) -> builder.dataTimeout(Duration.ofMillis(500))).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "end");
	}

	@Test
	void leavesNoLagBehindTheMark() {
		create(this.left, this.right);
		this.cluster.topics()
			.sendInTransaction(new ProducerRecord<>(this.left, "{\"number\":1}"),
					new ProducerRecord<>(this.left, Cluster.END));
		this.cluster.topics()
			.sendInTransaction(new ProducerRecord<>(this.right, "{\"number\":1}"),
					new ProducerRecord<>(this.right, "{\"number\":2}"));
		this.cluster.end(this.right);
		this.cluster.values(this.left);
		assertThat(join(false).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "end");
		assertThat(this.cluster.topics().lag(this.prefix + "-join-left", this.left, 0)).hasValue(0);
		assertThat(this.cluster.topics().lag(this.prefix + "-join-right", this.right, 0)).isPresent();
	}

	@Test
	void failsIfThePositionOfOneNodeIsLost() {
		create(this.left, this.right);
		append(this.left, 1);
		append(this.right, 1);
		this.cluster.end(this.left);
		this.cluster.end(this.right);
		assertThat(join(false).run()).isEqualTo(MillState.COMPLETED);
		Cluster.get(this.cluster.admin()
			.deleteConsumerGroupOffsets(this.prefix + "-join-right", Set.of(new TopicPartition(this.right, 0)))
			.all());
		Mill mill = join(false);
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("right").contains("lack");
	}

	@Test
	void failsIfAllPositionsAreLostThoughResultsAreThere() {
		create(this.left);
		append(this.left, 1);
		this.cluster.end(this.left);
		assertThat(copy((builder) -> {
		}).run()).isEqualTo(MillState.COMPLETED);
		Cluster.get(this.cluster.admin().deleteConsumerGroups(List.of(this.prefix + "-copy-left")).all());
		Mill mill = copy((builder) -> {
		});
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains(this.prefix + "-copy-left")
			.contains(this.out)
			.contains("start-from");
		assertThat(copy((builder) -> builder.startFrom(new StartFrom.Earliest())).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "end", "1", "end");
	}

	@Test
	void beginsAgainAfterAReset() {
		create(this.left);
		append(this.left, 1);
		this.cluster.end(this.left);
		Mill mill = copy((builder) -> {
		});
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		mill.reset();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "end", "1", "end");
	}

	@Test
	void beginsAtTheEndIfItIsTold() {
		create(this.left);
		append(this.left, 1);
		Mill mill = copy((builder) -> builder.startFrom(new StartFrom.Latest()));
		mill.start();
		Awaitility.await().atMost(PATIENCE).until(() -> mill.lanes().size() == 1);
		append(this.left, 2);
		this.cluster.end(this.left);
		Awaitility.await().atMost(PATIENCE).until(() -> mill.state() == MillState.COMPLETED);
		assertThat(out()).containsExactly("2", "end");
	}

	@Test
	void saysHowManyRecordsWereDeletedUnread() throws InterruptedException {
		create(this.left);
		create(this.out);
		append(this.left, 1, 2, 3, 4, 5);
		Mill mill = copy((builder) -> {
		});
		mill.start();
		Awaitility.await().atMost(PATIENCE).until(() -> out().contains("4"));
		mill.stop();
		assertThat(mill.awaitEnd(PATIENCE)).isTrue();
		append(this.left, 6, 7, 8);
		Cluster.get(this.cluster.admin()
			.deleteRecords(Map.of(new TopicPartition(this.left, 0), RecordsToDelete.beforeOffset(7)))
			.all());
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("begins at 7").contains("were deleted");
	}

	@Test
	void waitsForATopic() {
		Mill mill = copy((builder) -> {
		});
		mill.start();
		Awaitility.await().atMost(PATIENCE).until(() -> mill.status().unavailable() != null);
		assertThat(mill.state()).isEqualTo(MillState.STARTING);
		assertThat(mill.status().unavailable()).contains(this.left).contains("does not exist");
		create(this.left);
		append(this.left, 1);
		this.cluster.end(this.left);
		Awaitility.await().atMost(PATIENCE).until(() -> mill.state() == MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "end");
	}

	/**
	 * An element.
	 *
	 * @param number the key
	 */
	record Number(long number) {

	}

}
