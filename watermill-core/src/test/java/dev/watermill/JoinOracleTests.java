package dev.watermill;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;

import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.count.MillCounters;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random trees against nested loops. A failure prints the seed and the tree;
 * {@code -Doracle.seed=...} repeats one tree, {@code -Doracle.trees=...} takes more of
 * them.
 */
class JoinOracleTests {

	private static final int TREES = Integer.getInteger("oracle.trees", 1_600);

	private static final Long ONLY_SEED = Long.getLong("oracle.seed");

	private int delivered;

	private int mostNodes;

	@Test
	void randomTreesEqualNestedLoopsAndGoOnFromAnyPosition() {
		checkAll(TREES, RandomTree::new, this::check);
	}

	@Test
	void edgesOfAllKindsEqualNestedLoopsAndGoOnFromAnyPosition() {
		checkAll(TREES / 2, RandomTree::mixed, this::checkOnce);
	}

	@Test
	void functionsThatAnswerLaterGiveTheSame() {
		checkAll(TREES / 6, RandomTree::asynchronous, this::checkOnce);
	}

	@Test
	void partitionsThatAreMergedEqualNestedLoopsOverSortedStreams() {
		checkAll(TREES / 6, RandomTree::merged, this::check);
	}

	@Test
	void streamsThatAreBroughtIntoOrderEqualNestedLoopsOverSortedOnes() {
		checkAll(TREES / 6, RandomTree::reordered, this::check);
	}

	private void checkAll(int trees, LongFunction<RandomTree> made, Consumer<RandomTree> check) {
		if (ONLY_SEED != null) {
			check.accept(made.apply(ONLY_SEED));
			return;
		}
		for (long seed = 1; seed <= trees; seed++) {
			check.accept(made.apply(seed));
		}
		// so that the trees are worth the name
		assertThat(this.delivered).isGreaterThan(trees);
		assertThat(this.mostNodes).isEqualTo(6);
	}

	@Test
	void streamsThatGrowMeanwhileGiveTheSame() throws InterruptedException {
		for (long seed = 100_001; seed <= 100_150; seed++) {
			long only = (ONLY_SEED != null) ? ONLY_SEED : seed;
			RandomTree tree = (seed % 3 != 0) ? RandomTree.mixed(only)
					: (seed % 2 != 0) ? RandomTree.merged(only) : new RandomTree(only);
			Random random = new Random(seed);
			InMemoryBroker broker = new InMemoryBroker(1 + random.nextInt(4));
			Mill mill = tree.builder(tree.over(broker), broker).pollTimeout(Duration.ofMillis(1)).build();
			mill.start();
			GrowingStreams streams = new GrowingStreams(tree, broker);
			while (streams.grow(random)) {
				// all that is to be seen is at the end
			}
			boolean ended = mill.awaitEnd(Duration.ofSeconds(20));
			mill.stop();
			assertThat(ended).as("%s", tree).isTrue();
			assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
			assertThat(results(broker)).as("%s", tree).isEqualTo(new NaiveJoin(tree).deliveries());
		}
	}

	/**
	 * What is delivered depends on when it comes. But nothing that was read is lost or
	 * delivered again, whatever is late, and wherever the mill is started again.
	 */
	@Test
	void streamsThatAreSilentNowAndThenLoseNothing() throws InterruptedException {
		long late = 0;
		for (long seed = 300_001; seed <= 300_000 + TREES / 16; seed++) {
			long only = (ONLY_SEED != null) ? ONLY_SEED : seed;
			RandomTree tree = (seed % 3 != 0) ? RandomTree.mixed(only)
					: (seed % 2 != 0) ? RandomTree.asynchronous(only) : RandomTree.merged(only);
			if (tree.nodes.size() == 1 && !tree.isWindowed()) {
				continue;
			}
			try {
				late += runSilent(tree, seed / 6 % 2 == 0);
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("failed for -Doracle.seed=" + tree.seed + ", the tree " + tree, ex);
			}
		}
		assertThat(late).isPositive();
	}

	private long runSilent(RandomTree tree, boolean stopped) throws InterruptedException {
		Random random = new Random(tree.seed);
		InMemoryBroker broker = new InMemoryBroker(1 + random.nextInt(4));
		Mill mill = tree.builder(tree.over(broker), broker)
			.pollTimeout(Duration.ofMillis(1))
			.idle(Duration.ofNanos(1))
			.build();
		mill.start();
		GrowingStreams streams = new GrowingStreams(tree, broker);
		while (streams.grow(random)) {
			if (random.nextInt(3) == 0) {
				LockSupport.parkNanos(100_000);
			}
			if (stopped && random.nextInt(6) == 0) {
				mill.stop();
				assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
				if (mill.state() == MillState.STOPPED) {
					mill.start();
				}
			}
		}
		boolean ended = mill.awaitEnd(Duration.ofSeconds(20));
		mill.stop();
		assertThat(ended).as("ended, which is %s", mill.status()).isTrue();
		assertThat(mill.state()).as("%s", mill.status()).isEqualTo(MillState.COMPLETED);
		return checkSilent(tree, mill, results(broker), stopped);
	}

	private static long checkSilent(RandomTree tree, Mill mill, List<Shown> results, boolean stopped) {
		if (!tree.isHopping()) {
			// each finds its matches, sooner or later
			assertThat(masters(results)).isEqualTo(masters(new NaiveJoin(tree).deliveries()));
		}
		long late = 0;
		for (int i = 0; i < tree.nodes.size(); i++) {
			int node = i;
			RandomTree.Node of = tree.nodes.get(i);
			List<Integer> delivered = results.stream()
				.flatMap((shown) -> (node == 0) ? shown.master().stream()
						: shown.joins().get(node - 1).stream().flatMap((pair) -> pair.matches().stream()))
				.map(Item::id)
				.toList();
			long distinct = delivered.stream().distinct().count();
			// some elements are equal on purpose
			long equal = of.elements.stream().filter(Item.class::isInstance).count()
					- of.elements.stream().filter(Item.class::isInstance).distinct().count();
			if (!stopped && equal == 0) {
				Accounting.assertAccounted(mill, of.name, distinct, 0);
			}
			late += mill.counters().inputs().get(of.name).skipped(SkipReason.LATE).get();
		}
		return late;
	}

	private static List<Item> masters(List<Shown> deliveries) {
		return deliveries.stream().flatMap((shown) -> shown.master().stream()).toList();
	}

	private void check(RandomTree tree) {
		check(tree, (naive, expected, longest, random) -> {
			for (int batchSize : new int[] { 1, 2, 7, Math.max(longest - 1, 1), Math.max(longest, 1), longest + 1 }) {
				checkWhole(tree, naive, expected, batchSize);
				if (!expected.isEmpty()) {
					checkCrashAtDelivery(tree, expected, batchSize, random);
				}
			}
			if (!expected.isEmpty()) {
				checkFailures(tree, 1 + random.nextInt(longest + 1));
			}
			for (int i = 0; i < 3; i++) {
				checkCrashesAtCommits(tree, expected, random);
			}
		});
	}

	/**
	 * Check a tree at one batch size and with one crash of each kind, so that there is
	 * time for more trees.
	 */
	private void checkOnce(RandomTree tree) {
		check(tree, (naive, expected, longest, random) -> {
			checkWhole(tree, naive, expected, 1 + random.nextInt(longest + 1));
			if (!expected.isEmpty()) {
				checkCrashAtDelivery(tree, expected, 1 + random.nextInt(longest + 1), random);
			}
			if (random.nextInt(4) == 0) {
				checkFailures(tree, 1 + random.nextInt(longest + 1));
				checkCrashesAtCommits(tree, expected, random);
			}
		});
	}

	private void check(RandomTree tree, Runs runs) {
		NaiveJoin naive = new NaiveJoin(tree);
		List<Shown> expected = naive.deliveries();
		this.delivered += expected.size();
		this.mostNodes = Math.max(this.mostNodes, tree.nodes.size());
		try {
			runs.check(naive, expected, tree.longestStream(), new Random(tree.seed));
		}
		catch (AssertionError | RuntimeException ex) {
			throw new AssertionError("failed for the tree " + tree + ex.getMessage(), ex);
		}
	}

	private static InMemoryBroker broker(RandomTree tree, int batchSize) {
		InMemoryBroker broker = new InMemoryBroker(batchSize);
		tree.streams().forEach((stream, elements) -> broker.stream(stream).complete(elements));
		return broker;
	}

	private static List<Shown> results(InMemoryBroker broker) {
		InMemoryStream<Shown> out = broker.stream("out");
		return out.elements();
	}

	private static MillBuilder committingAlways(MillBuilder builder) {
		AtomicLong ticks = new AtomicLong();
		return builder.commitInterval(Duration.ofNanos(1)).clock(Clock.systemUTC(), ticks::incrementAndGet);
	}

	private static void checkWhole(RandomTree tree, NaiveJoin naive, List<Shown> expected, int batchSize) {
		InMemoryBroker broker = broker(tree, batchSize);
		Mill mill = tree.builder(tree.over(broker), broker).build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(results(broker)).as("batch size %d", batchSize).isEqualTo(expected);
		assertThat(broker.stream("out").isEnded()).isTrue();
		assertThat(mill.counters().deliveries().get()).isEqualTo(expected.size());
		for (int i = 0; i < tree.nodes.size(); i++) {
			RandomTree.Node node = tree.nodes.get(i);
			MillCounters.Input counters = mill.counters().inputs().get(node.name);
			Accounting.assertAccounted(mill, node.name, naive.delivered(i), 0);
			assertThat(counters.read().get()).isLessThanOrEqualTo(node.elements.size());
			if (!node.first) {
				assertThat(counters.skipped(SkipReason.SURPLUS).get()).isZero();
			}
		}
	}

	/**
	 * The function fails for some deliveries, which are passed over.
	 */
	private static void checkFailures(RandomTree tree, int batchSize) {
		Predicate<Shown> failing = (shown) -> shown.toString().hashCode() % 3 == 0;
		NaiveJoin naive = new NaiveJoin(tree, failing);
		List<Shown> expected = naive.deliveries();
		InMemoryBroker broker = broker(tree, batchSize);
		Mill mill = tree.builder(tree.over(broker), broker, failing)
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
			.onError(ErrorPolicy.SKIP)
			.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(results(broker)).as("with failures, batch size %d", batchSize).isEqualTo(expected);
		for (int i = 0; i < tree.nodes.size(); i++) {
			Accounting.assertAccounted(mill, tree.nodes.get(i).name, naive.delivered(i), 0);
			if (mill.counters().skippedDeliveries().get() == 0) {
				assertThat(mill.counters().inputs().get(tree.nodes.get(i).name).skipped(SkipReason.FAILED).get())
					.isZero();
			}
		}
	}

	private static void checkCrashAtDelivery(RandomTree tree, List<Shown> expected, int batchSize, Random random) {
		InMemoryBroker broker = broker(tree, batchSize);
		int last = 1 + random.nextInt(expected.size());
		MillBuilder crashing = committingAlways(tree.builder(tree.over(broker), broker)).listener(new MillListener() {

			private int deliveries;

			@Override
			public void delivered(long nanos) {
				if (++this.deliveries == last) {
					throw new Crash();
				}
			}

		});
		assertThat(crashing.build().run()).isEqualTo(MillState.FAILED);
		assertThat(results(broker)).as("before the crash at delivery %d, batch size %d", last, batchSize)
			.isEqualTo(expected.subList(0, last - 1));
		assertThat(tree.builder(tree.over(broker), broker).build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(results(broker)).as("after the crash at delivery %d, batch size %d", last, batchSize)
			.isEqualTo(expected);
	}

	private static void checkCrashesAtCommits(RandomTree tree, List<Shown> expected, Random random) {
		InMemoryBroker broker = new InMemoryBroker();
		TrickleBroker inputs = new TrickleBroker(random);
		tree.streams().forEach(inputs::put);
		List<Integer> crashes = new ArrayList<>();
		MillState state = MillState.FAILED;
		while (state == MillState.FAILED) {
			int last = 1 + random.nextInt(12);
			crashes.add(last);
			boolean crashing = crashes.size() < 4;
			MillBuilder builder = committingAlways(tree.builder(tree.over(inputs), broker))
				.listener(new MillListener() {

					private int commits;

					@Override
					public void committed(long nanos) {
						if (crashing && ++this.commits == last) {
							throw new Crash();
						}
					}

				});
			state = builder.build().run();
			if (broker.stream("out").isEnded()) {
				state = MillState.COMPLETED;
			}
			assertThat(results(broker)).as("drop by drop with crashes at commits %s", crashes)
				.isEqualTo(expected.subList(0, Math.min(results(broker).size(), expected.size())));
		}
		assertThat(results(broker)).as("drop by drop with crashes at commits %s", crashes).isEqualTo(expected);
	}

	/**
	 * The runs by which a tree is checked.
	 */
	@FunctionalInterface
	private interface Runs {

		void check(NaiveJoin naive, List<Shown> expected, int longest, Random random);

	}

	/**
	 * Streams of a tree, which get their elements one by one, each in its order.
	 */
	private static final class GrowingStreams {

		private final List<InMemoryStream<Object>> open = new ArrayList<>();

		private final List<Iterator<Object>> left = new ArrayList<>();

		GrowingStreams(RandomTree tree, InMemoryBroker broker) {
			tree.streams().forEach((name, elements) -> {
				this.open.add(broker.stream(name));
				this.left.add(elements.iterator());
			});
		}

		/**
		 * Let one of them get its next element, or its end.
		 * @return whether there was one that was not over
		 */
		boolean grow(Random random) {
			if (this.open.isEmpty()) {
				return false;
			}
			int node = random.nextInt(this.open.size());
			if (this.left.get(node).hasNext()) {
				this.open.get(node).append(this.left.get(node).next());
			}
			else {
				this.open.remove(node).end();
				this.left.remove(node);
			}
			return true;
		}

	}

}
