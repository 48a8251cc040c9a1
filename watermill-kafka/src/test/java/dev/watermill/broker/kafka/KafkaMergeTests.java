package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.watermill.Crash;
import dev.watermill.Item;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.NaiveJoin;
import dev.watermill.RandomTree;
import dev.watermill.Shown;
import dev.watermill.broker.Broker;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Topics whose partitions are merged. {@code -Dkafka.trees=200} takes so many random
 * trees, {@code -Dkafka.seed=...} repeats one.
 */
class KafkaMergeTests {

	private static final int TREES = Integer.getInteger("kafka.trees", 6);

	private static final Long ONLY_SEED = Long.getLong("kafka.seed");

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Cluster cluster = Cluster.shared();

	private final String name = "merge-" + UUID.randomUUID();

	private final List<Long> processed = new ArrayList<>();

	private boolean align;

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

	private Map<String, OffsetAndMetadata> committed(String stream) {
		Map<String, OffsetAndMetadata> committed = new HashMap<>();
		String group = this.name + "-mill-" + stream + "-0";
		Cluster.get(this.cluster.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
			.forEach((partition, offset) -> committed.put(stream + "-" + partition.partition(), offset));
		return committed;
	}

	private List<Long> offsets(String stream, int partitions) {
		Map<String, OffsetAndMetadata> committed = committed(stream);
		return IntStream.range(0, partitions).mapToObj((i) -> committed.get(stream + "-" + i).offset()).toList();
	}

	private void send(String stream, int partition, long... elements) {
		this.cluster.sendValues(topic(stream), partition,
				LongStream.of(elements).mapToObj((element) -> String.valueOf(element).getBytes()).toList());
	}

	private void end(String stream, int partition) {
		this.cluster.sendValues(topic(stream), partition, List.of(Cluster.END.getBytes()));
	}

	private MillBuilder builder(boolean writes, ErrorPolicy onDisorder) {
		KafkaBroker broker = this.cluster.broker(this.name);
		MillBuilder builder = Mill.builder("mill").pollTimeout(Duration.ofMillis(100));
		Input<Long> a = builder.from(merged("a"), broker);
		Input<Long> b = builder.join(a, merged("b"), broker).onLong((left) -> left, (right) -> right).many();
		a.onDisorder(onDisorder);
		b.onDisorder(onDisorder);
		if (writes) {
			builder.to(Cluster.topic("out", Long.class, topic("out")), Long.class, broker);
			builder.process((delivery) -> delivery.get(a));
		}
		else {
			builder.forEach((delivery) -> {
				synchronized (this.processed) {
					this.processed.add(delivery.get(a));
				}
			});
		}
		return builder;
	}

	private StreamDefinition<Long> merged(String stream) {
		return new StreamDefinition<>(stream, Long.class, Map.of(KafkaBroker.TOPIC_PROPERTY, topic(stream),
				KafkaBroker.MERGE_PROPERTY, "true", KafkaBroker.ALIGN_PROPERTY, String.valueOf(this.align)));
	}

	private List<Long> processed() {
		synchronized (this.processed) {
			return List.copyOf(this.processed);
		}
	}

	private static void completes(MillBuilder builder) {
		Mill mill = builder.waitForMore(false).build();
		assertThat(mill.run()).as("%s", mill.status().lastError()).isEqualTo(MillState.COMPLETED);
	}

	@Test
	void randomTreesEqualNestedLoopsOverSortedStreams() {
		for (long seed = 1; seed <= ((ONLY_SEED != null) ? 1 : TREES); seed++) {
			RandomTree tree = RandomTree.merged((ONLY_SEED != null) ? ONLY_SEED : 2_000_000 + seed);
			try {
				check(tree);
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("failed for -Dkafka.seed=" + tree.seed + ", the tree " + tree, ex);
			}
		}
	}

	@Test
	void topicsThatAreBroughtIntoOrderEqualNestedLoopsOverSortedStreams() {
		for (long seed = 1; seed <= TREES / 2; seed++) {
			RandomTree tree = RandomTree.reordered((ONLY_SEED != null) ? ONLY_SEED : 2 * seed);
			try {
				check(tree);
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("failed for -Dkafka.seed=" + tree.seed + ", the tree " + tree, ex);
			}
		}
	}

	private void check(RandomTree tree) {
		List<Shown> expected = new NaiveJoin(tree).deliveries();
		String trees = this.name + "-" + tree.seed;
		for (RandomTree.Node node : tree.nodes) {
			String topic = trees + "-" + node.name;
			int partitions = tree.merged ? node.partitions.size() : 1;
			boolean several = isOfSeveralTopics(tree);
			for (int i = 0; i < (several ? partitions : 1); i++) {
				this.cluster.topics().create(several ? topic + "-" + i : topic, several ? 1 : partitions);
			}
			for (int i = 0; i < partitions; i++) {
				String stream = tree.merged ? node.name + "-" + i : node.name;
				List<byte[]> values = new ArrayList<>(bytes(tree.streams().get(stream)));
				values.add(Cluster.END.getBytes());
				this.cluster.sendValues(several ? topic + "-" + i : topic, several ? 0 : i, values);
			}
		}
		run(tree, trees, "whole", expected, 0);
		if (!expected.isEmpty()) {
			run(tree, trees, "again", expected, 1 + new Random(tree.seed).nextInt(expected.size()));
		}
	}

	/**
	 * Whether what is merged are topics, and not the partitions of one.
	 */
	private static boolean isOfSeveralTopics(RandomTree tree) {
		return tree.merged && tree.seed % 2 == 0;
	}

	private static Map<String, String> properties(RandomTree tree, String trees, String stream) {
		int partitions = tree.nodes.stream()
			.filter((node) -> node.name.equals(stream))
			.mapToInt((node) -> node.partitions.size())
			.sum();
		if (!isOfSeveralTopics(tree) || partitions < 2) {
			return Map.of(KafkaBroker.TOPIC_PROPERTY, trees + "-" + stream + (isOfSeveralTopics(tree) ? "-0" : ""),
					KafkaBroker.MERGE_PROPERTY, String.valueOf(tree.merged));
		}
		List<String> topics = IntStream.range(0, partitions).mapToObj((i) -> trees + "-" + stream + "-" + i).toList();
		return Map.of(KafkaBroker.TOPICS_PROPERTY, String.join(",", topics));
	}

	/**
	 * Run to the end.
	 * @param last at which delivery to crash, 0 for at none
	 */
	private void run(RandomTree tree, String trees, String run, List<Shown> expected, int last) {
		KafkaBroker broker = this.cluster.broker(trees + "-" + run);
		Broker topics = new Broker() {

			@Override
			public <T> StreamSource<T> source(StreamDefinition<T> definition) {
				return broker.source(new StreamDefinition<>(definition.name(), definition.type(),
						properties(tree, trees, definition.name())));
			}

			@Override
			public <T> StreamSink<T> sink(StreamDefinition<T> definition) {
				return broker.sink(new StreamDefinition<>(definition.name(), definition.type(),
						Map.of(KafkaBroker.TOPIC_PROPERTY, trees + "-out-" + run)));
			}

		};
		if (last > 0) {
			MillBuilder crashing = tree.builder(topics, topics)
				.commitInterval(Duration.ofNanos(1))
				.listener(new MillListener() {

					private int deliveries;

					@Override
					public void delivered(long nanos) {
						if (++this.deliveries == last) {
							throw new Crash();
						}
					}

				});
			assertThat(crashing.build().run()).isEqualTo(MillState.FAILED);
		}
		assertThat(tree.builder(topics, topics).build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.cluster.completeResults(trees + "-out-" + run, Shown.class)).as("crashed at %d", last)
			.isEqualTo(expected);
	}

	private static List<byte[]> bytes(List<?> elements) {
		return elements.stream()
			.map((element) -> (element instanceof Item) ? Cluster.JSON.writeValueAsBytes(element) : "{no".getBytes())
			.toList();
	}

	@Test
	void commitsTheOffsetOfEachPartition() {
		this.cluster.topics().create(topic("a"), 3);
		this.cluster.topics().create(topic("b"), 2);
		send("a", 0, 1, 4, 7);
		send("a", 1, 2, 5);
		send("a", 2, 3);
		send("b", 0, 1, 3, 5, 7);
		send("b", 1, 2, 4, 6);
		for (int i = 0; i < 3; i++) {
			end("a", i);
		}
		end("b", 0);
		end("b", 1);
		completes(builder(true, ErrorPolicy.FAIL));
		assertThat(this.cluster.completeResults(topic("out"), Long.class)).containsExactly(1L, 2L, 3L, 4L, 5L, 7L);
		// behind the marks
		assertThat(offsets("a", 3)).containsExactly(4L, 3L, 2L);
		assertThat(offsets("b", 2)).containsExactly(5L, 4L);
	}

	@Test
	void windowsThatOverlapAreDeliveredOnce() {
		this.cluster.topics().create(topic("a"), 2);
		send("a", 0, 1, 12, 21);
		send("a", 1, 2, 22);
		end("a", 0);
		end("a", 1);
		KafkaBroker broker = this.cluster.broker(this.name);
		for (boolean crashes : List.of(true, false)) {
			MillBuilder builder = Mill.builder("mill").commitInterval(Duration.ofNanos(1));
			Input<Long> a = builder.from(merged("a"), broker);
			builder.windowBy(KeyFunction.<Long>ofLong("key", (key) -> key), KeySpan.of(20), KeySpan.of(10));
			builder.to(Cluster.topic("out", String.class, topic("out")), String.class, broker);
			builder.process((delivery) -> {
				if (crashes && delivery.window(a).contains(21L)) {
					throw new Crash();
				}
				return delivery.window(a).toString();
			});
			assertThat(builder.waitForMore(false).build().run())
				.isEqualTo(crashes ? MillState.FAILED : MillState.COMPLETED);
		}
		assertThat(this.cluster.completeResults(topic("out"), String.class)).containsExactly("[1, 2]", "[1, 2, 12]",
				"[12, 21, 22]", "[21, 22]");
	}

	@Test
	void segmentsBeginAnewOnceAllPartitionsHaveShownTheirMarks() {
		this.cluster.topics().create(topic("a"), 2);
		this.cluster.topics().create(topic("b"), 2);
		List<Long> expected = new ArrayList<>();
		// 9 is left over of each, and passed over with the mark that is owed
		this.align = true;
		for (int segment = 0; segment < 3; segment++) {
			send("a", 0, 1, 3);
			send("a", 1, 2, 3);
			send("b", 0, 1, 2, 9);
			send("b", 1, 3);
			for (int i = 0; i < 2; i++) {
				end("a", i);
				end("b", i);
			}
			completes(builder(false, ErrorPolicy.FAIL));
			expected.addAll(List.of(1L, 2L, 3L, 3L));
			assertThat(processed()).isEqualTo(expected);
		}
	}

	/**
	 * A mark that comes while the last elements before it are at hand, but not merged.
	 */
	@Test
	void aMarkThatIsSeenAheadIsPassedWithTheLastElement() {
		this.cluster.topics().create(topic("a"), 2);
		for (int run = 1; run < 4; run++) {
			send("a", 0, 1, 3);
			send("a", 1, 2, 4);
			KafkaBroker broker = this.cluster.broker(this.name);
			MillBuilder builder = Mill.builder("mill").pollTimeout(Duration.ofMillis(100));
			Input<Long> a = builder.from(merged("a"), broker);
			builder.windowBy(KeyFunction.ofLong("it", (Long element) -> element));
			builder.forEach((delivery) -> {
				List<Long> window = delivery.window(a);
				if (window.get(0) == 1) {
					end("a", 1);
					end("a", 0);
				}
				this.processed.addAll(window);
			});
			this.mill = builder.build();
			assertThat(this.mill.run()).as("%s", this.mill.status().lastError()).isEqualTo(MillState.COMPLETED);
			assertThat(processed()).as("run %d", run).containsExactly(1L, 2L, 3L, 4L);
			assertThat(offsets("a", 2)).as("run %d", run).containsExactly(3L * run, 3L * run);
			this.processed.clear();
		}
	}

	@Test
	void aPartitionThatWasSilentForDataTimeoutIsMergedAgainWhenItGoesOn() {
		this.cluster.topics().create(topic("a"), 2);
		send("a", 0, 1, 5, 6);
		send("a", 1, 1);
		KafkaBroker broker = this.cluster.broker(this.name);
		MillBuilder builder = Mill.builder("mill")
			.pollTimeout(Duration.ofMillis(100))
			.dataTimeout(Duration.ofSeconds(2));
		Input<Long> a = builder.from(merged("a"), broker);
		builder.windowBy(KeyFunction.ofLong("it", (Long element) -> element));
		builder.forEach((delivery) -> {
			List<Long> window = delivery.window(a);
			if (window.get(0) == 5) {
				// the other one is over: this one would wait for it
				send("a", 1, 2, 6, 7);
				end("a", 1);
			}
			this.processed.addAll(window);
		});
		this.mill = builder.build();
		assertThat(this.mill.run()).as("%s", this.mill.status().lastError()).isEqualTo(MillState.COMPLETED);
		assertThat(processed()).containsExactly(1L, 1L, 5L, 6L, 6L, 7L);
		assertThat(this.mill.counters().inputs().get("a").skipped(SkipReason.LATE).get()).isOne();
		assertThat(offsets("a", 2)).containsExactly(3L, 5L);
	}

	@Test
	void writesNothingAndGoesOnWhereItWas() {
		this.cluster.topics().create(topic("a"), 2);
		this.cluster.topics().create(topic("b"), 3);
		for (int round = 0; round < 2; round++) {
			long first = round * 10;
			send("a", 0, first + 1, first + 3);
			send("a", 1, first + 2, first + 4);
			send("b", 0, first + 1, first + 5);
			send("b", 1, first + 2, first + 5);
			send("b", 2, first + 3, first + 4, first + 5);
			this.mill = builder(false, ErrorPolicy.FAIL).build();
			this.mill.start();
			// the last of the other partition may have the same key
			int known = 4 * round + 3;
			Awaitility.await().atMost(PATIENCE).until(() -> processed().size() >= known);
			this.mill.stop();
		}
		assertThat(processed()).startsWith(1L, 2L, 3L).doesNotHaveDuplicates().containsSequence(11L, 12L, 13L);
	}

	/**
	 * Each lane of a partitioned master reads the whole of a stream with another count.
	 */
	@Test
	void isJoinedWithATopicOfAnotherCountInEachLane() {
		this.cluster.topics().create(topic("a"), 2);
		this.cluster.topics().create(topic("b"), 3);
		send("a", 0, 1, 3, 5);
		send("a", 1, 2, 3, 4);
		send("b", 0, 1, 4);
		send("b", 1, 2, 5);
		send("b", 2, 3, 3);
		for (int i = 0; i < 3; i++) {
			end("b", i);
			if (i < 2) {
				end("a", i);
			}
		}
		KafkaBroker broker = this.cluster.broker(this.name);
		MillBuilder builder = Mill.builder("mill").pollTimeout(Duration.ofMillis(100)).waitForMore(false);
		Input<Long> a = builder.from(Cluster.topic("a", Long.class, topic("a")), broker);
		JoinMany<Long, Long> b = builder.join(a, merged("b"), broker).onLong((left) -> left, (right) -> right).many();
		builder.to(Cluster.topic("out", String.class, topic("out")), String.class, broker)
			.process((delivery) -> delivery.get(a) + "=" + delivery.get(b).get(delivery.get(a)));
		this.mill = builder.build();
		assertThat(this.mill.run()).as("%s", this.mill.status().lastError()).isEqualTo(MillState.COMPLETED);
		Map<Integer, List<String>> results = new HashMap<>();
		this.cluster.topics()
			.read(topic("out"))
			.forEach((message) -> results.computeIfAbsent(message.partition(), (partition) -> new ArrayList<>())
				.add(message.value()));
		assertThat(results.get(0)).containsExactly("\"1=[1]\"", "\"3=[3, 3]\"", "\"5=[5]\"", Cluster.END);
		assertThat(results.get(1)).containsExactly("\"2=[2]\"", "\"3=[3, 3]\"", "\"4=[4]\"", Cluster.END);
		// a group for each lane
		assertThat(committed("b")).hasSize(3);
		assertThat(Cluster.get(
				this.cluster.admin().listConsumerGroupOffsets(this.name + "-mill-b-1").partitionsToOffsetAndMetadata()))
			.hasSize(3);
	}

	@Test
	void namesThePartitionOfWhatIsWrong() {
		this.cluster.topics().create(topic("a"), 2);
		this.cluster.topics().create(topic("b"), 1);
		send("a", 0, 1, 5, 9);
		send("a", 1, 2, 8, 6);
		send("b", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
		this.mill = builder(true, ErrorPolicy.FAIL).build();
		assertThat(this.mill.run()).isEqualTo(MillState.FAILED);
		assertThat(this.mill.status().lastError().message()).contains(topic("a") + "-1@2")
			.contains("went back: 6 after 8");
		// how many of them, if any, depends on what was waited for
		assertThat("1 2 5").startsWith(String.join(" ", this.cluster.values(topic("out"))));
	}

	@Test
	void aTopicThatGrowsIsRefusedAndItsNewPartitionIsMergedAtTheNextStart() throws Exception {
		this.cluster.topics().create(topic("a"), 1);
		this.cluster.topics().create(topic("b"), 1);
		this.cluster.topics().create(topic("out"), 1);
		send("a", 0, 1, 5);
		send("b", 0, 1, 5, 6, 7);
		this.mill = builder(true, ErrorPolicy.FAIL).build();
		this.mill.start();
		awaitResults(2);
		this.cluster.grow(topic("a"), 2);
		assertThat(this.mill.awaitEnd(PATIENCE)).isTrue();
		assertThat(this.mill.state()).isEqualTo(MillState.FAILED);
		assertThat(this.mill.status().lastError().message())
			.contains("grew from 1 to 2 partitions while they are merged");
		// 3 belongs before 5, which was passed
		send("a", 1, 3, 6);
		send("a", 0, 7);
		end("a", 0);
		end("a", 1);
		end("b", 0);
		Mill refusing = builder(true, ErrorPolicy.FAIL).build();
		assertThat(refusing.run()).isEqualTo(MillState.FAILED);
		assertThat(refusing.status().lastError().message()).contains(topic("a") + "-1@0")
			.contains("went back: 3 after 5");
		AtomicReference<Mill> skipping = new AtomicReference<>(
				builder(true, ErrorPolicy.SKIP).waitForMore(false).build());
		assertThat(skipping.get().run()).isEqualTo(MillState.COMPLETED);
		assertThat(skipping.get().counters().inputs().get("a").skipped(SkipReason.DISORDER).get()).isOne();
		assertThat(this.cluster.completeResults(topic("out"), Long.class)).containsExactly(1L, 5L, 6L, 7L);
	}

	/**
	 * The lane of merged topics belongs to whoever holds partition 0 of the first of
	 * them.
	 */
	@Test
	void aSecondInstanceStandsByAndTakesTheOnlyLaneOverWhereItWas() throws Exception {
		this.cluster.topics().create(topic("a"), 2);
		this.cluster.topics().create(topic("b"), 3);
		this.cluster.topics().create(topic("out"), 1);
		send("a", 0, 1, 4, 9);
		send("a", 1, 2, 9);
		send("b", 0, 1, 4, 9);
		send("b", 1, 2, 9);
		send("b", 2, 3, 9);
		this.mill = builder(true, ErrorPolicy.FAIL).build();
		this.mill.start();
		awaitResults(3);
		Mill second = builder(true, ErrorPolicy.FAIL).build();
		second.start();
		try {
			Awaitility.await().atMost(PATIENCE).until(() -> second.state() == MillState.RUNNING);
			assertThat(second.status().lanes()).isEmpty();
			this.mill.stop();
			assertThat(this.mill.awaitEnd(PATIENCE)).isTrue();
			for (int i = 0; i < 3; i++) {
				end("b", i);
				if (i < 2) {
					end("a", i);
				}
			}
			assertThat(second.awaitEnd(PATIENCE)).isTrue();
			assertThat(second.state()).as("%s", second.status()).isEqualTo(MillState.COMPLETED);
			assertThat(this.cluster.completeResults(topic("out"), Long.class)).containsExactly(1L, 2L, 4L, 9L, 9L);
		}
		finally {
			second.stop();
		}
	}

	private void awaitResults(int count) {
		Awaitility.await().atMost(PATIENCE).until(() -> this.cluster.values(topic("out")).size() == count);
	}

}
