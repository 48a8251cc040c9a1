package dev.watermill.join.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The merge by itself: what it finds, where it is taken up again, and that it lets go of
 * everything.
 */
class MergeJoinTests {

	private static int[][] keys(int... keys) {
		return Arrays.stream(keys).mapToObj((key) -> new int[] { key, key }).toArray(int[][]::new);
	}

	private static TestMerge pair(JoinNode.Take take, int[][] left, int[][] right) {
		return new TestMerge().stream("a", null, 0, JoinNode.Take.ALL, left).stream("b", "a", 0, take, right);
	}

	@Test
	void servesEachElementWithAKeyTheWholeGroup() {
		TestMerge merge = pair(JoinNode.Take.ALL, keys(1, 2, 2, 4), keys(1, 2, 2, 2, 3, 5));
		assertThat(merge.run(null).deliveries).containsExactly("a0(b0)", "a1(b1b2b3)", "a2(b1b2b3)");
	}

	@Test
	void takesTheFirstMatchAndCountsTheOthersAsSurplus() {
		TestMerge merge = pair(JoinNode.Take.FIRST, keys(2, 2, 4, 6), keys(1, 2, 2, 2, 3, 4, 6, 7));
		assertThat(merge.run(null).deliveries).containsExactly("a0(b1)", "a1(b1)", "a2(b5)", "a3(b6)");
		assertThat(merge.counter("b").skipped(SkipReason.SURPLUS).get()).isEqualTo(2);
		assertThat(merge.counter("b").skipped(SkipReason.UNMATCHED).get()).isEqualTo(2);
	}

	@Test
	void prunesElementsThatLackMatchesOfTheirOwn() {
		TestMerge merge = pair(JoinNode.Take.ALL, keys(1, 2), new int[][] { { 1, 1 }, { 1, 2 }, { 2, 3 } }).stream("c",
				"b", 1, JoinNode.Take.ALL, keys(2, 4));
		assertThat(merge.run(null).deliveries).containsExactly("a0(b1(c0))");
		assertThat(merge.counter("b").skipped(SkipReason.UNMATCHED).get()).isEqualTo(2);
	}

	@Test
	void anEdgeThatWasNotAskedForAWhileCatchesUp() {
		// what a1 and a2 would match in c is passed only when a3 asks for it
		TestMerge merge = pair(JoinNode.Take.ALL, keys(1, 2, 3, 4), keys(1, 4)).stream("c", "a", 1, JoinNode.Take.ALL,
				keys(1, 2, 2, 3, 4));
		assertThat(merge.run(null).deliveries).containsExactly("a0(b0)(c0)", "a3(b1)(c4)");
		assertThat(merge.counter("c").skipped(SkipReason.UNMATCHED).get()).isEqualTo(3);
	}

	@Test
	void endsWhereNothingCanMatchAnyMore() {
		TestMerge merge = pair(JoinNode.Take.ALL, keys(1, 2, 3, 3, 4, 5, 6), keys(1, 3));
		assertThat(merge.run(null).deliveries).containsExactly("a0(b0)", "a2(b1)", "a3(b1)");
		assertThat(merge.counter("a").read().get()).as("read of the master").isEqualTo(5);
	}

	@Test
	void theEndOfAStreamGoesUpTheTree() {
		TestMerge merge = pair(JoinNode.Take.ALL, keys(1, 2, 3, 4), keys(1, 2, 3, 4)).stream("c", "b", 1,
				JoinNode.Take.ALL, keys(1));
		assertThat(merge.run(null).deliveries).containsExactly("a0(b0(c0))");
		assertThat(merge.counter("a").read().get()).as("read of the master").isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 7 })
	void countsWhatFailsOnce(int batchSize) {
		TestMerge merge = pair(JoinNode.Take.ALL, keys(1, 1, 2, 3), keys(1, 2, 2, 3)).batchSize(batchSize)
			.failing((delivery) -> delivery == 0 || delivery == 2);
		merge.run(null);
		assertThat(merge.deliveries).hasSize(4);
		assertThat(merge.counter("a").skipped(SkipReason.FAILED).get()).isEqualTo(2);
		assertThat(merge.counter("b").skipped(SkipReason.FAILED).get()).as("b0 was in a delivery that succeeded, too")
			.isEqualTo(2);
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void findsWhatIsNearAndGoesOnFromAnyStepAndLetsGoOfEverything(int seed) {
		check(seed, () -> kinds(seed));
	}

	/** A tree with edges of all kinds. */
	private static TestMerge kinds(int seed) {
		Random random = new Random(1_000 + seed);
		TestMerge merge = new TestMerge();
		int streams = 2 + random.nextInt(3);
		for (int i = 0; i < streams; i++) {
			String name = String.valueOf((char) ('a' + i));
			String parent = (i > 0) ? String.valueOf((char) ('a' + random.nextInt(i))) : null;
			JoinKind kind = (i > 0) ? kind(random) : JoinKind.EQUAL;
			JoinNode.Take take = (kind instanceof JoinKind.AsOf
					|| (kind instanceof JoinKind.Equal && random.nextBoolean())) ? JoinNode.Take.FIRST
							: JoinNode.Take.ALL;
			merge.stream(name, parent, 1 + random.nextInt(2), take, kind, i > 0 && random.nextInt(3) == 0,
					ascending(random, 3 + random.nextInt(10)));
		}
		return random.nextBoolean() ? merge.windowBy(1) : merge;
	}

	private static JoinKind kind(Random random) {
		JoinKind.@Nullable By by = random.nextBoolean()
				? new JoinKind.By(KeyFunction.ofLong("by", TestMerge::by), KeyFunction.ofLong("by", TestMerge::by))
				: null;
		int kind = random.nextInt(5);
		if (kind == 0) {
			return JoinKind.EQUAL;
		}
		if (kind < 3) {
			return new JoinKind.Within(KeySpan.of(random.nextInt(3)), KeySpan.of(random.nextInt(3)), by);
		}
		JoinKind.Direction direction = JoinKind.Direction.values()[random.nextInt(3)];
		boolean far = random.nextBoolean() && (by == null || direction == JoinKind.Direction.BACKWARD);
		return new JoinKind.AsOf(direction, random.nextBoolean(), far ? null : KeySpan.of(random.nextInt(4)), by);
	}

	static IntStream seeds() {
		return IntStream.range(0, 120);
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void findsWhatNestedLoopsFindAndGoesOnFromAnyStepAndLetsGoOfEverything(int seed) {
		check(seed, () -> random(seed));
	}

	private static void check(int seed, Supplier<TestMerge> made) {
		for (int batchSize : new int[] { 1, 2, 7, 100 }) {
			TestMerge merge = made.get().batchSize(batchSize);
			List<String> expected = merge.expected();
			assertThat(merge.run(null).deliveries).as("seed %d, batch size %d", seed, batchSize).isEqualTo(expected);
			assertThat(merge.frozen()).as("frozen, seed %d, batch size %d", seed, batchSize).isEqualTo(expected);
			for (String name : merge.names()) {
				assertThat(merge.unaccounted(name)).as("held of '%s', seed %d, batch size %d", name, seed, batchSize)
					.isZero();
			}
			assertThat(merge.goesBack()).as("seed %d, batch size %d", seed, batchSize).isEmpty();
			for (TestMerge.Step step : List.copyOf(merge.steps)) {
				assertThat(merge.run(step.positions()).deliveries)
					.as("from %s, seed %d, batch size %d", step.positions(), seed, batchSize)
					.isEqualTo(expected.subList(step.delivered(), expected.size()));
			}
		}
	}

	private static TestMerge random(int seed) {
		Random random = new Random(seed);
		TestMerge merge = new TestMerge();
		int streams = 2 + random.nextInt(3);
		for (int i = 0; i < streams; i++) {
			String parent = (i > 0) ? String.valueOf((char) ('a' + random.nextInt(i))) : null;
			merge.stream(String.valueOf((char) ('a' + i)), parent, 1 + random.nextInt(2),
					random.nextBoolean() ? JoinNode.Take.ALL : JoinNode.Take.FIRST,
					ascending(random, 3 + random.nextInt(10)));
		}
		if (random.nextBoolean()) {
			merge.windowBy(1);
		}
		return (random.nextInt(3) > 0) ? merge : merge.objects();
	}

	/** Rows of three keys, each of which never decreases. */
	private static int[][] ascending(Random random, int size) {
		int[][] rows = new int[size][];
		int[] keys = { random.nextInt(2), random.nextInt(2), random.nextInt(2) };
		for (int i = 0; i < size; i++) {
			for (int key = 0; key < keys.length; key++) {
				keys[key] += (random.nextInt(5) < 2) ? 1 + random.nextInt(2) : 0;
			}
			rows[i] = keys.clone();
		}
		return rows;
	}

}
