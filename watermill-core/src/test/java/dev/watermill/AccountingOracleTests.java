package dev.watermill;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import dev.watermill.FaultyBroker.Operation;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counters of random trees whose runs are thrown away within the process, again and
 * again: since brokers are away, also when a commit has happened and is not answered,
 * since the mill fails, or is stopped and started again, while the function fails now and
 * then. Whatever happens, each element is counted as read once, and delivered, skipped or
 * in the dead letters; and no counter ever decreases. A failure prints the seed;
 * {@code -Daccounting.seed=...} repeats one tree, {@code -Daccounting.trees=...} takes
 * more of them.
 */
class AccountingOracleTests {

	private static final int TREES = Integer.getInteger("accounting.trees", 1_200);

	private static final @Nullable Long ONLY_SEED = Long.getLong("accounting.seed");

	private static final LaneId LANE = new LaneId("random", 0);

	private int thrownAway;

	private int checked;

	@Test
	void everyElementIsCountedOnceThoughRunsAreThrownAway() {
		for (long seed = 1; seed <= TREES; seed++) {
			RandomTree tree = tree((ONLY_SEED != null) ? ONLY_SEED : seed);
			try {
				new Run(tree).check();
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError(
						"failed with -Daccounting.seed=" + tree.seed + " for the tree " + tree + ex.getMessage(), ex);
			}
			if (ONLY_SEED != null) {
				return;
			}
		}
		assertThat(this.thrownAway).isGreaterThan(TREES);
		assertThat(this.checked).isGreaterThan(TREES / 2);
	}

	private static RandomTree tree(long seed) {
		return switch ((int) (seed % 6)) {
			case 0 -> RandomTree.merged(seed);
			case 1 -> RandomTree.late(seed);
			case 2 -> RandomTree.asynchronous(seed);
			case 3 -> new RandomTree(seed);
			default -> RandomTree.mixed(seed);
		};
	}

	private final class Run {

		private final RandomTree tree;

		private final Random random;

		private final InMemoryBroker broker = new InMemoryBroker();

		private final ErrorPolicy policy;

		private final int mostFaults;

		private int operations;

		private int nextFault;

		private int faults;

		private boolean stopping;

		private Map<String, Long> seen = Map.of();

		private final Mill mill;

		Run(RandomTree tree) {
			this.tree = tree;
			this.random = new Random(tree.seed);
			this.policy = this.random.nextBoolean() ? ErrorPolicy.DEAD_LETTER : ErrorPolicy.SKIP;
			this.mostFaults = this.random.nextInt(8);
			this.nextFault = this.random.nextInt(40);
			this.mill = mill();
		}

		void check() {
			MillState state = MillState.FAILED;
			while (state != MillState.COMPLETED) {
				this.stopping = false;
				state = this.mill.run();
				assertThat(state).as("%s", this.mill.status()).isNotEqualTo(MillState.RUNNING);
				assertThat(this.faults <= this.mostFaults || state == MillState.COMPLETED).isTrue();
			}
			check(new Delivered());
			AccountingOracleTests.this.thrownAway += this.faults;
		}

		private synchronized void fault(Operation operation, String stream) {
			if (this.faults < this.mostFaults && ++this.operations > this.nextFault
					&& (operation != Operation.COUNT && operation != Operation.OPEN_SINK)) {
				this.faults++;
				this.operations = 0;
				this.nextFault = this.random.nextInt(60);
				if (this.broker.committed(LANE).map(Checkpoint::completed).orElse(false)) {
					// one that completed, and ended before it heard of that, begins anew
					this.faults = this.mostFaults;
					if (!this.stopping) {
						throw new BrokerUnavailableException("away when it had completed");
					}
					return;
				}
				switch (this.random.nextInt(4)) {
					case 0 -> throw new Crash();
					case 1 -> {
						this.stopping = true;
						this.mill.stop();
					}
					default -> throw new BrokerUnavailableException("away at " + operation + " of " + stream);
				}
			}
		}

		private synchronized boolean fails(Shown shown) {
			return this.random.nextInt(5) == 0;
		}

		private Mill mill() {
			TrickleBroker inputs = new TrickleBroker(new Random(this.tree.seed));
			this.tree.streams().forEach(inputs::put);
			AtomicLong ticks = new AtomicLong();
			MillBuilder builder = this.tree
				.builder(this.tree.over(new FaultyBroker(inputs, this::fault)),
						new FaultyBroker(this.broker, this::fault), this::fails)
				.retry(new RetryPolicy(this.random.nextInt(2), Duration.ZERO, Duration.ZERO))
				.onError(this.random.nextBoolean() ? ErrorPolicy.DEAD_LETTER : ErrorPolicy.SKIP)
				.deadLetters(StreamDefinition.of("letters", DeadLetter.class),
						new FaultyBroker(this.broker, this::fault))
				.commitInterval(Duration.ofNanos(1 + this.random.nextInt(30)))
				.clock(Clock.systemUTC(), ticks::incrementAndGet)
				.listener(new MillListener() {

					@Override
					public void committed(long nanos) {
						neverDecrease();
					}

				});
			for (RandomTree.Node node : this.tree.nodes) {
				Input<?> input = builder.input(node.name);
				input.onInvalid(this.policy);
				input.onDisorder(this.policy);
			}
			return builder.build();
		}

		private void neverDecrease() {
			Map<String, Long> now = new LinkedHashMap<>();
			this.mill.counters().inputs().forEach((stream, input) -> {
				now.put(stream + " read", input.read().get());
				for (SkipReason reason : SkipReason.values()) {
					now.put(stream + " skipped " + reason, input.skipped(reason).get());
					now.put(stream + " dead-lettered " + reason, input.deadLettered(reason).get());
				}
			});
			this.seen
				.forEach((counter, before) -> assertThat(now.get(counter)).as(counter).isGreaterThanOrEqualTo(before));
			this.seen = now;
		}

		private void check(Delivered delivered) {
			MillCounters counters = this.mill.counters();
			assertThat(counters.deliveries().get()).as("deliveries").isEqualTo(delivered.results.size());
			assertThat(counters.results().get("out").get()).as("results").isEqualTo(delivered.results.size());
			assertThat(counters.skippedDeliveries().get()).as("passed over")
				.isEqualTo(delivered.all.size() - delivered.results.size());
			long letters = 0;
			for (MillCounters.Input input : counters.inputs().values()) {
				for (SkipReason reason : SkipReason.values()) {
					letters += input.deadLettered(reason).get();
				}
			}
			if (!this.tree.isHopping()) {
				assertThat(letters).as("dead letters").isEqualTo(this.broker.stream("letters").elements().size());
			}
			if (!delivered.isPlain()) {
				return;
			}
			AccountingOracleTests.this.checked++;
			for (int i = 0; i < this.tree.nodes.size(); i++) {
				RandomTree.Node node = this.tree.nodes.get(i);
				Accounting.assertAccounted(this.mill, node.name, delivered.naive.delivered(i), 0);
				assertThat(counters.inputs().get(node.name).read().get()).as("read of '%s'", node.name)
					.isLessThanOrEqualTo(node.elements.size());
			}
		}

		/**
		 * What was delivered, as nested loops find it.
		 */
		private final class Delivered {

			private final List<Shown> results;

			private final List<Shown> all;

			private final NaiveJoin naive;

			Delivered() {
				InMemoryStream<Shown> out = Run.this.broker.stream("out");
				this.results = out.elements();
				this.all = new NaiveJoin(Run.this.tree).deliveries();
				Set<Shown> succeeded = new HashSet<>(this.results);
				this.naive = new NaiveJoin(Run.this.tree, (shown) -> !succeeded.contains(shown));
				this.naive.deliveries();
			}

			/**
			 * Whether no two deliveries look the same, so that it is known which of them
			 * succeeded.
			 */
			boolean isPlain() {
				return new HashSet<>(this.all).size() == this.all.size();
			}

		}

	}

}
