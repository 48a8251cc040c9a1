package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.watermill.Crash;
import dev.watermill.Item;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.NaiveJoin;
import dev.watermill.RandomTree;
import dev.watermill.Shown;
import dev.watermill.Vector;
import dev.watermill.broker.Broker;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The worked cases of the semantics and random trees, from topics to a topic.
 * {@code -Dkafka.trees=200} takes so many trees, {@code -Dkafka.seed=...} repeats one.
 */
class KafkaVectorTests {

	private static final int TREES = Integer.getInteger("kafka.trees", 12);

	private static final Long ONLY_SEED = Long.getLong("kafka.seed");

	private static final long FIRST_SEED = 1_000_001;

	/** Most of the time is spent waiting for the broker. */
	private static final int THREADS = 4;

	private final Cluster cluster = Cluster.shared();

	private final BlockingQueue<ReusedTopics> free = new ArrayBlockingQueue<>(THREADS);

	private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

	@BeforeEach
	void createTopics() {
		for (int i = 0; i < THREADS; i++) {
			this.free.add(new ReusedTopics(this.cluster));
		}
	}

	@AfterEach
	void end() {
		this.threads.shutdownNow();
	}

	@Test
	void deliversExactlyWhatTheVectorsExpect() throws Exception {
		List<Vector> vectors = Vector.all().toList();
		assertThat(vectors).hasSizeGreaterThan(40);
		forAll(vectors, (vector, topics) -> {
			Map<String, List<byte[]>> streams = new LinkedHashMap<>();
			vector.streams().forEach((stream, elements) -> streams.put(stream, bytes(elements)));
			topics.fill(streams);
			Broker broker = topics.broker();
			assertThat(vector.builder(broker).to("out", JsonNode.class, broker).build().run())
				.isEqualTo(MillState.COMPLETED);
			assertThat(this.cluster.completeResults(topics.output(), JsonNode.class)).as("%s", vector)
				.isEqualTo(vector.expected());
		});
		System.out.println(vectors.size() + " vectors from topics");
	}

	@Test
	void randomTreesEqualNestedLoopsAndGoOnFromAnyPosition() throws Exception {
		AtomicInteger delivered = new AtomicInteger();
		AtomicInteger stopped = new AtomicInteger();
		AtomicInteger crashed = new AtomicInteger();
		List<Long> seeds = (ONLY_SEED != null) ? List.of(ONLY_SEED)
				: Stream.iterate(FIRST_SEED, (seed) -> seed + 1).limit(TREES).toList();
		forAll(seeds, (seed, topics) -> {
			RandomTree tree = tree(seed);
			Map<String, List<byte[]>> streams = new LinkedHashMap<>();
			tree.nodes.forEach((node) -> streams.put(node.name, bytes(node.elements)));
			topics.fill(streams);
			List<Shown> expected = new NaiveJoin(tree).deliveries();
			delivered.addAndGet(expected.size());
			try {
				checkWhole(tree, expected, topics);
				if (!expected.isEmpty()) {
					topics.emptyOutput();
					boolean crash = seed % 2 == 0;
					checkGoesOn(tree, expected, topics, crash);
					(crash ? crashed : stopped).incrementAndGet();
				}
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("failed for -Dkafka.seed=" + seed + ", the tree " + tree, ex);
			}
		});
		System.out.printf("%d random trees from topics, %d deliveries; %d trees taken up again after a stop, %d after "
				+ "a crash between commits%n", seeds.size(), delivered.get(), stopped.get(), crashed.get());
		if (ONLY_SEED == null) {
			// so that the trees are worth the name
			assertThat(delivered.get()).isGreaterThan(TREES);
		}
	}

	/**
	 * Two of three with all kinds of edges, if their topics are of one partition.
	 */
	private static RandomTree tree(long seed) {
		return (seed % 3 > 0 && seed % 7 > 0) ? RandomTree.mixed(seed) : new RandomTree(seed);
	}

	private void checkWhole(RandomTree tree, List<Shown> expected, ReusedTopics topics) {
		Broker broker = topics.broker();
		assertThat(tree.builder(broker, broker).build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(results(topics)).isEqualTo(expected);
	}

	private void checkGoesOn(RandomTree tree, List<Shown> expected, ReusedTopics topics, boolean crash) {
		Broker broker = topics.broker();
		int last = 1 + new Random(tree.seed).nextInt(expected.size());
		AtomicReference<Mill> mill = new AtomicReference<>();
		MillBuilder disturbed = tree.builder(broker, broker).listener(new MillListener() {

			private int deliveries;

			@Override
			public void delivered(long nanos) {
				if (++this.deliveries == last) {
					if (crash) {
						throw new Crash();
					}
					mill.get().stop();
				}
			}

		});
		if (crash) {
			// commits before each delivery
			disturbed.commitInterval(Duration.ofNanos(1));
		}
		mill.set(disturbed.build());
		MillState end = mill.get().run();
		assertThat(end).isIn(crash ? List.of(MillState.FAILED) : List.of(MillState.STOPPED, MillState.COMPLETED));
		if (end != MillState.COMPLETED) {
			List<String> before = this.cluster.values(topics.output());
			assertThat(before).as("results before delivery %d", last).hasSizeLessThanOrEqualTo(crash ? last - 1 : last);
			assertThat(tree.builder(broker, broker).build().run()).isEqualTo(MillState.COMPLETED);
		}
		assertThat(results(topics)).as("taken up again after delivery %d", last).isEqualTo(expected);
	}

	private List<Shown> results(ReusedTopics topics) {
		return this.cluster.completeResults(topics.output(), Shown.class);
	}

	private static List<byte[]> bytes(List<?> elements) {
		return elements.stream().map((element) -> {
			boolean valid = element instanceof Item || element instanceof JsonNode;
			return valid ? Cluster.JSON.writeValueAsBytes(element) : "{no".getBytes();
		}).toList();
	}

	private <C> void forAll(List<C> cases, Check<C> check) throws Exception {
		List<Future<?>> results = cases.stream().<Future<?>>map((each) -> this.threads.submit(() -> {
			ReusedTopics topics = this.free.take();
			try {
				check.check(each, topics);
			}
			finally {
				this.free.add(topics);
			}
			return null;
		})).toList();
		for (Future<?> result : results) {
			result.get();
		}
	}

	private interface Check<C> {

		void check(C each, ReusedTopics topics) throws Exception;

	}

}
