package dev.watermill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import dev.watermill.FaultyBroker.Operation;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryCoordinator;
import dev.watermill.broker.memory.InMemoryMember;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.codec.InvalidElement;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Counters of mills with several lanes, whose runs are thrown away one by one, since
 * brokers are away, and all at once, since an instance loses its lanes and gets them
 * again, or shares them with another one for a time. In the end each element is counted
 * as read once, and delivered, skipped or in the dead letters.
 * {@code -Daccounting.lanes=...} tries more of them.
 */
class LaneAccountingTests {

	private static final int RUNS = Integer.getInteger("accounting.lanes", 15);

	private static final @Nullable Long ONLY_SEED = Long.getLong("accounting.seed");

	private static final String LETTERS = InMemoryBroker.DEAD_LETTERS_SUFFIX;

	private static final Duration LONG = Duration.ofSeconds(20);

	private int thrownAway;

	private int lost;

	private int exact;

	@Test
	void everyElementIsCountedOnceThoughLanesAreLostAndComeBack() throws InterruptedException {
		check(false);
		assertThat(List.of(this.thrownAway, this.lost)).as("runs thrown away, lanes lost")
			.allMatch((count) -> count > RUNS);
		assertThat(this.exact).as("of %d with all lanes in the end", RUNS).isGreaterThan(RUNS / 2);
	}

	@Test
	void everyMasterElementIsCountedByOneInstanceThoughTheyShareLanes() throws InterruptedException {
		check(true);
	}

	private void check(boolean shared) throws InterruptedException {
		for (long seed = 1; seed <= RUNS; seed++) {
			long of = (ONLY_SEED != null) ? ONLY_SEED : seed;
			Run run = new Run(of, shared);
			try {
				run.check();
			}
			catch (AssertionError | ConditionTimeoutException ex) {
				throw new AssertionError("failed with -Daccounting.seed=" + of + ": " + ex.getMessage() + run.mills,
						ex);
			}
			finally {
				run.mills.forEach(Mill::abort);
			}
			this.thrownAway += run.faults;
			this.lost += run.lost;
			this.exact += run.exact ? 1 : 0;
		}
	}

	private static final class Run {

		private final Random random;

		private final boolean shared;

		private final InMemoryBroker broker;

		private final InMemoryCoordinator coordinator;

		private final int partitions;

		private final List<Mill> mills = new ArrayList<>();

		private int mastersInAll;

		private int operations;

		private int nextFault;

		private int mostFaults;

		private int faults;

		private int lost;

		/** Whether all lanes were here in the end, so that all of it is counted. */
		private boolean exact;

		Run(long seed, boolean shared) {
			this.random = new Random(seed);
			this.shared = shared;
			this.broker = new InMemoryBroker(1 + this.random.nextInt(4));
			this.coordinator = this.broker.coordinator();
			this.partitions = 2 + this.random.nextInt(3);
			this.mostFaults = this.random.nextInt(12);
			for (String stream : new String[] { "out", "a", "b", "a" + LETTERS, "b" + LETTERS }) {
				this.broker.stream(stream, this.partitions);
			}
			for (int partition = 0; partition < this.partitions; partition++) {
				this.mastersInAll += give("a", partition);
				give("b", partition);
			}
		}

		/**
		 * Elements that differ, by their keys in tens.
		 */
		private int give(String name, int partition) {
			InMemoryStream<Object> stream = this.broker.<Object>stream(name).partition(partition);
			int count = this.random.nextInt(40);
			int key = 0;
			for (int i = 0; i < count; i++) {
				key += this.random.nextInt(2);
				stream.append((this.random.nextInt(6) > 0) ? key * 1_000 + partition * 100 + i
						: new InvalidElement("none", null, null));
			}
			stream.end();
			return count;
		}

		private Mill mill(String instance) {
			FaultyBroker faulty = new FaultyBroker(this.broker, this::fault);
			MillBuilder builder = Mill.builder("mill")
				.commitInterval(Duration.ofNanos(1 + this.random.nextInt(1_000_000)))
				.concurrency(1 + this.random.nextInt(3))
				.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
				.onError(this.random.nextBoolean() ? ErrorPolicy.DEAD_LETTER : ErrorPolicy.SKIP);
			Input<Integer> a = builder.from("a", Integer.class, faulty);
			a.onInvalid(ErrorPolicy.DEAD_LETTER);
			JoinMany<Integer, Integer> b = builder.join(a, "b", Integer.class, faulty)
				.onLong((left) -> left / 1_000, (right) -> right / 1_000)
				.many();
			b.onInvalid(ErrorPolicy.SKIP);
			builder.process((delivery) -> {
				Integer master = delivery.get(a);
				if (fails()) {
					throw new IllegalStateException("no " + master);
				}
				return instance + master + delivery.get(b).get(master);
			}).to("out", String.class, faulty);
			Mill mill = builder.build();
			this.mills.add(mill);
			return mill;
		}

		private synchronized boolean fails() {
			return this.random.nextInt(6) == 0;
		}

		private void fault(Operation operation, String stream) {
			if (operation == Operation.COUNT || operation == Operation.OPEN_SINK || operation == Operation.OPEN_PLACE) {
				return;
			}
			if (strikes()) {
				throw new BrokerUnavailableException("away at " + operation + " of " + stream);
			}
		}

		private synchronized boolean strikes() {
			if (this.faults >= this.mostFaults || this.operations++ < this.nextFault) {
				return false;
			}
			this.operations = 0;
			this.nextFault = this.random.nextInt(60);
			if (this.random.nextInt(3) == 0) {
				loseLanes();
				return false;
			}
			this.faults++;
			return true;
		}

		/**
		 * An instance is away for so long that it has no lanes any more.
		 */
		private void loseLanes() {
			List<InMemoryMember> members = this.coordinator.members("mill");
			if (!members.isEmpty()) {
				InMemoryMember member = members.get(this.random.nextInt(members.size()));
				member.cut();
				this.coordinator.advance(InMemoryCoordinator.SESSION_TIMEOUT.plusSeconds(1));
				this.lost++;
			}
		}

		void check() throws InterruptedException {
			Mill first = mill("A");
			first.start();
			@Nullable Mill second = null;
			long begun = System.nanoTime();
			while (!this.broker.stream("out").isEnded()) {
				assertThat(System.nanoTime() - begun).as("nanoseconds that it took").isLessThan(LONG.toNanos());
				// whoever begins when another one has done all of it begins the next run
				boolean runs = !first.status().lanes().isEmpty();
				if (this.shared && runs && second == null) {
					second = mill("B");
					second.start();
				}
				else if (second != null && roll(3)) {
					second.stop();
				}
				first.awaitEnd(Duration.ofMillis(1));
				this.coordinator.members("mill").forEach(InMemoryMember::heal);
			}
			for (Mill mill : this.mills) {
				if (mill != first) {
					mill.stop();
				}
				assertThat(mill.awaitEnd(LONG)).as("%s", mill.status()).isTrue();
			}
			assertThat(first.state()).as("%s", first.status()).isEqualTo(MillState.COMPLETED);
			// a thread that committed just before its lane was lost counts that yet
			await().atMost(LONG).untilAsserted(this::checkCounters);
		}

		private void checkCounters() {
			// what a lane committed last, without an answer before it was lost, nobody
			// counts if it does not come back
			boolean here = this.mills.get(0).status().lanes().size() == this.partitions;
			if (this.shared || !here) {
				checkMasters();
			}
			else {
				this.exact = true;
				Mill only = this.mills.get(0);
				Accounting.assertAccounted(only, "a", delivered("A", true).size(), 0);
				Accounting.assertAccounted(only, "b", delivered("A", false).size(), 0);
				assertThat(only.counters().inputs().get("a").read().get()).isLessThanOrEqualTo(this.mastersInAll);
			}
			long letters = this.mills.stream().mapToLong((mill) -> deadLettered(mill)).sum();
			long written = this.broker.stream("a" + LETTERS).elements().size();
			assertThat(letters).as("dead letters").isBetween(this.exact ? written : 0, written);
		}

		private synchronized boolean roll(int of) {
			return this.random.nextInt(of) == 0;
		}

		private static long deadLettered(Mill mill) {
			return Arrays.stream(SkipReason.values())
				.mapToLong((reason) -> mill.counters().inputs().get("a").deadLettered(reason).get())
				.sum();
		}

		/**
		 * What an instance holds of a lane that goes away is read by the next one.
		 */
		private void checkMasters() {
			for (Mill mill : this.mills) {
				MillCounters.Input counters = mill.counters().inputs().get("a");
				// what was committed without an answer, before the lane went, nobody
				// counts
				long settled = mill.counters().deliveries().get() + deadLettered(mill);
				for (SkipReason reason : SkipReason.values()) {
					settled += counters.skipped(reason).get();
				}
				assertThat(counters.read().get()).as("read by %s", mill.status()).isGreaterThanOrEqualTo(settled);
			}
		}

		/**
		 * The elements that are in results of an instance.
		 */
		private Set<String> delivered(String instance, boolean ofMaster) {
			Set<String> elements = new HashSet<>();
			for (int partition = 0; partition < this.partitions; partition++) {
				InMemoryStream<String> out = this.broker.<String>stream("out").partition(partition);
				for (String result : out.elements()) {
					if (result.startsWith(instance)) {
						int at = result.indexOf('[');
						String master = result.substring(1, at);
						elements.addAll(ofMaster ? Set.of(master)
								: Set.of(result.substring(at + 1, result.length() - 1).split(", ")));
					}
				}
			}
			return elements;
		}

	}

}
