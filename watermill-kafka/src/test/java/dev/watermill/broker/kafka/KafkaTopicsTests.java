package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Several topics of one type that are read as one stream.
 */
class KafkaTopicsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Cluster cluster = Cluster.shared();

	private final String name = "topics-" + UUID.randomUUID();

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

	private void send(String stream, int partition, long... elements) {
		this.cluster.sendValues(topic(stream), partition,
				LongStream.of(elements).mapToObj((element) -> String.valueOf(element).getBytes()).toList());
	}

	private void end(String stream, int partition) {
		this.cluster.sendValues(topic(stream), partition, List.of(Cluster.END.getBytes()));
	}

	/**
	 * A pattern that takes in all topics whose names begin with x.
	 */
	private StreamDefinition<Long> pattern(String onDataLoss) {
		return new StreamDefinition<>("in", Long.class,
				Map.of(KafkaBroker.TOPICS_PROPERTY, topic("x*"), KafkaBroker.ON_DATA_LOSS_PROPERTY, onDataLoss));
	}

	private StreamDefinition<Long> in(boolean merge, String... streams) {
		List<String> topics = new ArrayList<>();
		for (String stream : streams) {
			topics.add(topic(stream));
		}
		return new StreamDefinition<>("in", Long.class, Map.of(KafkaBroker.TOPICS_PROPERTY, String.join(", ", topics),
				KafkaBroker.MERGE_PROPERTY, String.valueOf(merge)));
	}

	/**
	 * Build a mill that writes windows of tens.
	 * @param failing the window at which its function fails, -1 for none
	 */
	private MillBuilder builder(StreamDefinition<Long> in, long failing) {
		KafkaBroker broker = this.cluster.broker(this.name);
		MillBuilder builder = Mill.builder("mill")
			.pollTimeout(Duration.ofMillis(50))
			.commitInterval(Duration.ofNanos(1))
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
			.waitForMore(false);
		Input<Long> input = builder.from(in, broker);
		builder.windowBy(KeyFunction.<Long>ofLong("x / 10", (x) -> x / 10));
		builder.to(Cluster.topic("out", List.class, topic("out")), List.class, broker).process((delivery) -> {
			List<Long> window = List.copyOf(delivery.window(input));
			if (window.get(0) / 10 == failing) {
				throw new IllegalStateException("as asked");
			}
			return window;
		});
		return builder;
	}

	private void run(MillBuilder builder, MillState end) {
		this.mill = builder.build();
		assertThat(this.mill.run()).as("%s", this.mill.status().lastError()).isEqualTo(end);
	}

	private Map<Integer, List<String>> results() {
		Map<Integer, List<String>> results = new TreeMap<>();
		this.cluster.topics()
			.read(topic("out"))
			.forEach((message) -> results.computeIfAbsent(message.partition(), (partition) -> new ArrayList<>())
				.add(message.value()));
		return results;
	}

	@Test
	void eachLaneMergesItsPartitionOfEachAndFindsThemAgainByTheirNames() {
		for (String stream : List.of("x", "y", "z")) {
			this.cluster.topics().create(topic(stream), 2);
		}
		send("x", 0, 1, 12, 25);
		send("y", 0, 3, 11, 21);
		send("x", 1, 7, 33);
		send("y", 1, 5, 31);
		for (int partition = 0; partition < 2; partition++) {
			end("x", partition);
			end("y", partition);
			end("z", partition);
		}
		// lane 1 may be done before lane 0 fails
		run(builder(in(false, "x", "y"), 2), MillState.FAILED);
		run(builder(in(false, "y", "x"), -1), MillState.COMPLETED);
		assertThat(results().get(0)).containsExactly("[1,3]", "[12,11]", "[21,25]", Cluster.END);
		assertThat(results().get(1)).hasSize(3).startsWith("[7,5]").endsWith(Cluster.END);
	}

	@Test
	void oneThatIsNewIsMergedFromItsStart() {
		for (String stream : List.of("x", "y", "z")) {
			this.cluster.topics().create(topic(stream), 1);
		}
		send("x", 0, 1, 12, 25);
		send("y", 0, 3, 11, 21);
		send("z", 0, 22, 40);
		List.of("x", "y", "z").forEach((stream) -> end(stream, 0));
		run(builder(in(false, "x", "y"), 2), MillState.FAILED);
		run(builder(in(false, "z", "x", "y"), -1), MillState.COMPLETED);
		assertThat(results().get(0)).containsExactly("[1,3]", "[12,11]", "[22,25,21]", "[40]", Cluster.END);
	}

	@Test
	void aPatternIsAllTopicsWithSuchANameWhicheverComeAndGo() {
		for (String stream : List.of("x2", "x3", "y")) {
			this.cluster.topics().create(topic(stream), 1);
		}
		send("x2", 0, 1, 12, 25);
		send("x3", 0, 3, 11, 21);
		this.mill = builder(pattern("fail"), -1).waitForMore(true)
			.partitionWatch(Duration.ofMillis(250), PATIENCE)
			.build();
		this.mill.start();
		Awaitility.await().atMost(PATIENCE).until(() -> written(0) == 2);
		// comes before the others by its name
		this.cluster.topics().create(topic("x1"), 1);
		send("x1", 0, 22, 40);
		Awaitility.await().atMost(PATIENCE).until(() -> this.mill.state() == MillState.FAILED);
		assertThat(this.mill.status().lastError().message())
			.contains("'in'", "was given " + topic("x1"), "merged of " + topic("x2") + ", " + topic("x3"))
			.contains("Start the mill again");
		List.of("x1", "x2", "x3").forEach((stream) -> end(stream, 0));
		run(builder(pattern("fail"), 4), MillState.FAILED);
		assertThat(results().get(0)).containsExactly("[1,3]", "[12,11]", "[22,25,21]");
		// what the mill knows of its past stood in the first one, too
		this.cluster.topics().delete(topic("x1"));
		run(builder(pattern("fail"), -1), MillState.FAILED);
		assertThat(this.mill.status().lastError().message()).contains("had " + topic("x1") + " among them",
				"is not there any more", "earliest");
		run(builder(pattern("earliest"), -1), MillState.COMPLETED);
		assertThat(results().get(0)).containsExactly("[1,3]", "[12,11]", "[22,25,21]", Cluster.END);
	}

	@Test
	void waitsForATopicThatAPatternStandsFor() {
		this.mill = builder(pattern("fail"), -1).build();
		this.mill.start();
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> String.valueOf(this.mill.status().outage()).contains("stand for no topic yet"));
		this.cluster.topics().create(topic("x"), 2);
		send("x", 1, 7);
		end("x", 0);
		end("x", 1);
		Awaitility.await().atMost(PATIENCE).until(() -> this.mill.state() == MillState.COMPLETED);
		assertThat(results().get(1)).containsExactly("[7]", Cluster.END);
	}

	@Test
	void lanesOfAPatternChangeHandsAndEachReadsAllThatIsMerged() {
		for (String stream : List.of("x1", "x2", "y2")) {
			this.cluster.topics().create(topic(stream), 2);
		}
		this.cluster.topics().create(topic("y1"), 1);
		Mill first = joining();
		this.mill = first;
		first.start();
		for (int partition = 0; partition < 2; partition++) {
			send("x1", partition, 1, 12, 21);
			send("x2", partition, 2, 11, 22);
			send("y2", partition, 1, 11, 12, 21);
		}
		send("y1", 0, 1, 12, 20, 30);
		Awaitility.await().atMost(PATIENCE).until(() -> written(0) == 3 && written(1) == 3);
		Mill second = joining();
		try {
			second.start();
			Awaitility.await().atMost(PATIENCE).until(() -> second.status().lanes().size() == 1);
			first.stop();
			Awaitility.await().atMost(PATIENCE).until(() -> second.status().lanes().size() == 2);
			for (int p = 0; p < 2; p++) {
				int partition = p;
				send("x2", partition, 31);
				send("x1", partition, 32);
				send("y2", partition, 31);
				List.of("x1", "x2", "y2").forEach((stream) -> end(stream, partition));
			}
			end("y1", 0);
			Awaitility.await().atMost(PATIENCE).until(() -> written(0) == 6 && written(1) == 6);
		}
		finally {
			second.stop();
		}
		assertThat(results().get(0)).containsExactly("[1,1,1,1]", "[11,11,11]", "[12,12,12,12]", "[21,21,21]",
				"[31,31,31]", Cluster.END);
		assertThat(results().get(1)).isEqualTo(results().get(0));
	}

	/**
	 * Build a mill that reads partitions of all topics x*, and all partitions of all
	 * topics y*, which it joins.
	 */
	private Mill joining() {
		KafkaBroker broker = this.cluster.broker(this.name);
		KeyFunction<Long> key = KeyFunction.ofLong("x", (x) -> x);
		MillBuilder builder = Mill.builder("mill")
			.pollTimeout(Duration.ofMillis(50))
			.commitInterval(Duration.ofNanos(1));
		Input<Long> x = builder.from(pattern("fail"), broker);
		StreamDefinition<Long> whole = new StreamDefinition<>("whole", Long.class,
				Map.of(KafkaBroker.TOPICS_PROPERTY, topic("y*"), KafkaBroker.MERGE_PROPERTY, "true"));
		JoinMany<Long, Long> y = builder.join(x, whole, broker).on(key, key).many();
		return builder.to(Cluster.topic("out", List.class, topic("out")), List.class, broker).process((delivery) -> {
			List<Long> result = new ArrayList<>(List.of(delivery.get(x)));
			delivery.get(y).values().forEach(result::addAll);
			return result;
		}).build();
	}

	private int written(int partition) {
		return results().getOrDefault(partition, List.of()).size();
	}

	@Test
	void mergesPartitionsOfTopicsWithUnequalNumbersOfThem() {
		this.cluster.topics().create(topic("x"), 2);
		this.cluster.topics().create(topic("y-1"), 3);
		send("x", 0, 1, 12);
		send("x", 1, 3, 31);
		send("y-1", 0, 2);
		send("y-1", 2, 5, 30);
		for (int partition = 0; partition < 3; partition++) {
			end("y-1", partition);
			if (partition < 2) {
				end("x", partition);
			}
		}
		run(builder(in(true, "x", "y-1"), 3), MillState.FAILED);
		run(builder(in(true, "x", "y-1"), -1), MillState.COMPLETED);
		assertThat(results().get(0)).containsExactly("[1,3,2,5]", "[12]", "[31,30]", Cluster.END);
	}

	@Test
	void topicsOfUnequalNumbersOfPartitionsAreNamed() {
		this.cluster.topics().create(topic("x"), 2);
		this.cluster.topics().create(topic("y"), 1);
		run(builder(in(false, "x", "y"), -1), MillState.FAILED);
		assertThat(this.mill.status().lastError().message())
			.contains("'in' (topic " + topic("x") + ") has 2, 'in' (topic " + topic("y") + ") has 1")
			.contains("merge: true");
	}

	@Test
	void oneThatIsSilentHoldsTheOthersBackAndIsNamed() {
		this.cluster.topics().create(topic("x"), 1);
		this.cluster.topics().create(topic("y"), 1);
		send("x", 0, 1, 12);
		this.mill = builder(in(false, "x", "y"), -1).build();
		this.mill.start();
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> ("topic " + topic("y") + " (stream 'in')").equals(this.mill.liveness().waitsFor()));
		end("y", 0);
		end("x", 0);
		Awaitility.await().atMost(PATIENCE).until(() -> this.mill.state() == MillState.COMPLETED);
		assertThat(results().get(0)).containsExactly("[1]", "[12]", Cluster.END);
	}

	@Test
	void aBadElementBecomesADeadLetterThatNamesItsTopic() {
		this.cluster.topics().create(topic("x"), 1);
		this.cluster.topics().create(topic("y"), 1);
		send("x", 0, 1, 12);
		this.cluster.sendValues(topic("y"), 0, List.of("2".getBytes(), "{no".getBytes(), Cluster.END.getBytes()));
		end("x", 0);
		KafkaBroker broker = this.cluster.broker(this.name);
		MillBuilder builder = Mill.builder("mill").pollTimeout(Duration.ofMillis(50)).waitForMore(false);
		Input<Long> input = builder.from(in(false, "x", "y"), broker);
		input.onInvalid(ErrorPolicy.DEAD_LETTER);
		builder.windowBy(KeyFunction.<Long>ofLong("x / 10", (x) -> x / 10));
		builder.to(Cluster.topic("out", List.class, topic("out")), List.class, broker)
			.process((delivery) -> List.copyOf(delivery.window(input)));
		// of several topics none is more than the others
		assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("dead letters");
		builder.deadLetters("in", new StreamDefinition<>("letters", DeadLetter.class,
				Map.of(KafkaBroker.TOPIC_PROPERTY, topic("letters"))), broker);
		run(builder, MillState.COMPLETED);
		assertThat(results().get(0)).containsExactly("[1,2]", "[12]", Cluster.END);
		assertThat(this.cluster.topics().read(topic("letters"))).singleElement().satisfies((letter) -> {
			assertThat(letter.value()).isEqualTo("{no");
			assertThat(new String(letter.headers().lastHeader("kafka_dlt-original-topic").value()))
				.isEqualTo(topic("y"));
		});
	}

	@Test
	void refusesWhatCanNotBe() {
		KafkaBroker broker = this.cluster.broker(this.name);
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> broker.source(in(false, "x", "x")))
			.withMessageContaining("names a topic twice");
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> broker.sink(in(false, "x", "y")))
			.withMessageContaining("is written, but is bound to several topics");
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> broker.source(new StreamDefinition<>("in", Long.class,
					Map.of(KafkaBroker.TOPICS_PROPERTY, "x,y", KafkaBroker.TOPIC_PROPERTY, "z"))))
			.withMessageContaining("Keep one of them");
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> broker.source(Cluster.topic("in", Long.class, "x*")))
			.withMessageContaining("is a pattern for several");
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> broker.sink(pattern("fail")))
			.withMessageContaining("is written, but is bound to several topics");
		// whatever else is written, a pattern may take it in
		assertThat(broker.source(pattern("fail"))
			.reads(broker.sink(Cluster.topic("out", Long.class, topic("x-out"))).resource())).isTrue();
		assertThat(broker.source(in(false, "x", "y"))
			.reads(broker.sink(Cluster.topic("out", Long.class, topic("y"))).resource())).isTrue();
	}

}
