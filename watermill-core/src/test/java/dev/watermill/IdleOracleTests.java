package dev.watermill;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.engine.MillState;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random trees whose streams are silent again and again. Where all has been delivered
 * that a silence lets be delivered, a restart changes nothing: what is closed stays
 * closed, what was late stays late, and nothing is counted twice.
 * {@code -Didle.trees=...} takes more of them, {@code -Didle.seed=...} repeats one.
 */
class IdleOracleTests {

	private static final int TREES = Integer.getInteger("idle.trees", 80);

	private static final Long ONLY_SEED = Long.getLong("idle.seed");

	private int trees;

	private long late;

	private long restarts;

	@Test
	void restartsWhereStreamsAreSilentChangeNothing() {
		if (ONLY_SEED != null) {
			check(ONLY_SEED);
			return;
		}
		for (long seed = 401; this.trees < TREES; seed++) {
			check(seed);
		}
		assertThat(this.late).isGreaterThan(TREES / 4);
		assertThat(this.restarts).isGreaterThan(TREES);
	}

	private void check(long seed) {
		RandomTree tree = (seed % 5 == 0) ? RandomTree.merged(seed) : RandomTree.mixed(seed);
		boolean closes = tree.isHopping()
				|| tree.nodes.stream().skip(1).anyMatch((node) -> isEqual(node) && !node.first);
		if (ONLY_SEED == null && !(closes && tree.nodes.stream().allMatch(IdleOracleTests::isEqual)) && seed % 8 != 0) {
			return;
		}
		if (tree.nodes.size() == 1 && !tree.isWindowed()) {
			return;
		}
		this.trees++;
		try {
			Run through = new Run(tree, false, false);
			Run restarted = new Run(tree, true, false);
			Run anew = new Run(tree, true, true);
			same("of mills that go on where another one ended", anew, through);
			same("of one that is started again", restarted, through);
			through.assertAccounted();
			restarted.assertAccounted();
			this.late += through.late();
			this.restarts += restarted.restarts;
		}
		catch (AssertionError | RuntimeException ex) {
			throw new AssertionError("failed for -Didle.seed=" + seed + ", the tree " + tree, ex);
		}
	}

	private static boolean isEqual(RandomTree.Node node) {
		return !node.within && node.direction == null;
	}

	private static void same(String what, Run run, Run through) {
		List<Shown> results = run.results();
		List<Shown> expected = through.results();
		if (!through.tree.nodes.stream().allMatch(IdleOracleTests::isEqual)) {
			// what lies at some distance and came since may be found as well, and windows
			// may be cut elsewhere
			assertThat(through.tree.isHopping() || masters(results).equals(masters(expected))).as(what).isTrue();
			return;
		}
		for (int i = 0; i < Math.min(results.size(), expected.size()); i++) {
			assertThat(results.get(i)).as("delivery %d %s", i, what).isEqualTo(expected.get(i));
		}
		assertThat(results).as(what).hasSameSizeAs(expected);
	}

	private static List<Item> masters(List<Shown> deliveries) {
		return deliveries.stream().flatMap((shown) -> shown.master().stream()).toList();
	}

	/**
	 * A mill, or several, from the start to the end of its streams.
	 */
	private static final class Run {

		private final RandomTree tree;

		private final InMemoryBroker broker = new InMemoryBroker();

		private final AtomicLong ticks = new AtomicLong();

		private final Mill mill;

		private int restarts;

		Run(RandomTree tree, boolean restarting, boolean anew) {
			this.tree = tree;
			SilentStreams inputs = new SilentStreams(tree, this.ticks, restarting);
			Mill current = mill(inputs);
			MillState state = current.run();
			while (state == MillState.FAILED && inputs.hasCrashed()) {
				this.restarts++;
				current = anew ? mill(inputs) : current;
				state = current.run();
			}
			assertThat(state).as("%s", current.status()).isEqualTo(MillState.COMPLETED);
			this.mill = current;
		}

		private Mill mill(SilentStreams inputs) {
			return this.tree.builder(this.tree.over(inputs), this.broker)
				.pollTimeout(Duration.ofMillis(20))
				.idle(Duration.ofMillis(10))
				.commitInterval(Duration.ofNanos(1))
				.clock(Clock.systemUTC(), this.ticks::incrementAndGet)
				.build();
		}

		List<Shown> results() {
			InMemoryStream<Shown> out = this.broker.stream("out");
			return out.elements();
		}

		/**
		 * How many elements came late.
		 */
		long late() {
			return this.mill.counters()
				.inputs()
				.values()
				.stream()
				.mapToLong((input) -> input.skipped(SkipReason.LATE).get())
				.sum();
		}

		/**
		 * Assert that each element is counted once.
		 */
		void assertAccounted() {
			for (int i = 0; i < this.tree.nodes.size(); i++) {
				RandomTree.Node node = this.tree.nodes.get(i);
				List<Item> items = node.elements.stream().filter(Item.class::isInstance).map(Item.class::cast).toList();
				// some are equal on purpose
				if (items.stream().distinct().count() == items.size()) {
					Accounting.assertAccounted(this.mill, node.name, delivered(i), 0);
				}
			}
		}

		private long delivered(int node) {
			return results().stream()
				.flatMap((shown) -> (node == 0) ? shown.master().stream()
						: shown.joins().get(node - 1).stream().flatMap((pair) -> pair.matches().stream()))
				.distinct()
				.count();
		}

	}

}
