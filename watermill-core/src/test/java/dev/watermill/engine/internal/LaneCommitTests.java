package dev.watermill.engine.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Result;
import dev.watermill.engine.Output;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.join.internal.NoWaiting;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.window.WindowPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What a lane commits, over a merge and outputs in memory.
 */
class LaneCommitTests {

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private static final LaneId LANE = new LaneId("mill", 0);

	private final InMemoryBroker broker = new InMemoryBroker();

	private long nanos;

	private final MillPlan plan = plan();

	private final MillSums counters = new MillSums(List.of("a"), List.of("out"), () -> this.nanos);

	private final MillWish wish = new MillWish();

	private final LaneControl control = new LaneControl(this.plan, LANE, this.wish, new Permits(1),
			new Lanes(this.plan, new PublishedPhase(this.plan), this.counters));

	private final MergeJoin merge = new MergeJoin(this.plan.tree(), LANE, null, this.counters.lane(0).accounts(), false,
			new NoWaiting());

	private final CommitLog log = this.broker.commitPlace().open(CommitScope.of(LANE));

	private final Outputs outputs = new Outputs(this.plan, null, this.log, this.counters.lane(0));

	/** What the function has not answered yet, if it is not where the merge stands. */
	private Map<String, Checkpoint.Input> unwritten;

	private final LaneCommit commit = new LaneCommit(this.plan, this.control, this.counters.lane(0), new Completion(),
			this.log, new MillRun(1, 1), new CommitPacer(INTERVAL, null, () -> false, () -> this.nanos), this.merge,
			() -> (this.unwritten != null) ? this.unwritten : this.merge.positions().get(), this.outputs,
			new DeadLetters(this.plan, null, this.log));

	private MillPlan plan() {
		JoinNode node = new JoinNode("a", this.broker.source(StreamDefinition.of("a", Integer.class)), -1, null, null,
				JoinNode.Take.ALL, ErrorPolicy.FAIL, ErrorPolicy.FAIL, ErrorPolicy.FAIL);
		Output output = new Output("out", Integer.class, this.broker.sink(StreamDefinition.of("out", Integer.class)),
				null);
		MillSettings settings = new MillSettings(
				new MillSettings.Timing(Duration.ofSeconds(1), INTERVAL, null, null, null), MillSettings.Limits.DEFAULT,
				MillSettings.Failure.DEFAULT, MillSettings.Start.DEFAULT, MillSettings.Sharing.DEFAULT,
				new MillSettings.Observers(null, null), new MillSettings.Clocks(Clock.systemUTC(), () -> this.nanos),
				new MillSettings.State(this.broker.commitPlace(), new NoMemory()));
		return new MillPlan("mill", new JoinTree(List.of(node), null, false, 10), new WindowPolicy.None(),
				(delivery) -> delivery, Result.Shape.SINGLE, false, List.of(output), List.of(), settings);
	}

	@AfterEach
	void close() {
		this.merge.close();
		this.outputs.close();
		this.log.close();
	}

	/**
	 * Deliver some elements and write them as their results.
	 */
	private void deliver(int count) {
		this.wish.run();
		this.broker.<Integer>stream("a").appendAll(List.of(10, 11, 12, 13)).end();
		this.merge.newSingle();
		this.merge.open();
		int[] left = { count };
		this.merge.run(() -> {
			this.outputs.write(10 + count - left[0]);
			this.commit.delivered();
			return --left[0] > 0;
		});
	}

	private Optional<Checkpoint> committed() {
		return this.broker.committed(LANE);
	}

	private long position() {
		return committed().orElseThrow().inputs().get("a").position().number("offset");
	}

	@Test
	void resultsAndPositionsAreOne() {
		deliver(2);
		assertThat(this.broker.stream("out").elements()).isEmpty();
		this.commit.ifMoved();
		assertThat(this.broker.stream("out").elements()).hasSize(2);
		assertThat(position()).isEqualTo(2);
		assertThat(committed().orElseThrow().outputs().get("out").number("offset")).isEqualTo(2);
		assertThat(committed().orElseThrow().completed()).isFalse();
		assertThat(this.control.known().status().checkpoint()).isEqualTo(committed().orElseThrow());
	}

	@Test
	void whatIsNotWrittenYetComesAgain() {
		deliver(1);
		this.unwritten = this.merge.positions().get();
		this.merge.run(() -> true);
		assertThat(this.merge.positions().get()).isNotEqualTo(this.unwritten);
		this.commit.commit();
		assertThat(position()).isEqualTo(1);
	}

	@Test
	void nothingIsCommittedTwice() {
		deliver(1);
		this.commit.ifMoved();
		Checkpoint first = committed().orElseThrow();
		this.nanos += INTERVAL.toNanos();
		this.commit.ifMoved();
		this.commit.ifOver();
		this.commit.whileWaiting().commit();
		assertThat(committed().orElseThrow()).isSameAs(first);
	}

	@Test
	void isRepeatedBeforeABrokerForgetsIt() {
		deliver(1);
		this.commit.ifMoved();
		Checkpoint first = committed().orElseThrow();
		this.nanos += Duration.ofDays(2).toNanos();
		this.commit.whileWaiting().commit();
		assertThat(committed().orElseThrow()).isEqualTo(first).isNotSameAs(first);
	}

	@Test
	void isDueAfterTheInterval() {
		deliver(1);
		this.commit.ifOver();
		assertThat(committed()).isEmpty();
		this.nanos += INTERVAL.toNanos();
		this.commit.duringCall();
		assertThat(position()).isEqualTo(1);
	}

	@Test
	void whatIsWrittenIsCommittedBeforeNobodyHasAnythingToDo() {
		deliver(1);
		assertThat(this.commit.beforeIdling(Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
		assertThat(position()).isEqualTo(1);
		this.commit.moved();
		assertThat(this.commit.beforeIdling(Duration.ofHours(1))).isEqualTo(INTERVAL);
		assertThat(this.commit.beforeIdling(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(1));
	}

	@Test
	void whatIsWrittenMayWaitForWhatIsSureToCome() {
		deliver(1);
		this.nanos += INTERVAL.toNanos() / 4;
		assertThat(this.commit.whileWaiting().commitDue(Duration.ofHours(1)))
			.isEqualTo(INTERVAL.multipliedBy(3).dividedBy(4));
		assertThat(committed()).isEmpty();
		this.nanos += INTERVAL.toNanos();
		assertThat(this.commit.whileWaiting().commitDue(Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
		assertThat(position()).isEqualTo(1);
	}

	@Test
	void nothingIsCommittedAfterAnAbort() {
		deliver(1);
		this.wish.abort();
		this.commit.ifMoved();
		assertThatThrownBy(this.commit::commit).isSameAs(StopSignal.ABORTED);
		assertThat(committed()).isEmpty();
		assertThat(this.broker.stream("out").elements()).isEmpty();
	}

	@Test
	void theLastCommitSaysThatTheLaneHasCompleted() {
		deliver(4);
		this.outputs.endOfStream();
		this.commit.complete(false);
		assertThat(committed().orElseThrow().completed()).isTrue();
		assertThat(this.broker.stream("out").elements()).hasSize(4);
	}

	@Test
	void countsWhatIsCommitted() {
		deliver(3);
		assertThat(this.counters.deliveries().get()).isZero();
		this.commit.commit();
		assertThat(this.counters.deliveries().get()).isEqualTo(3);
		this.commit.delivered();
		assertThat(this.counters.deliveries().get()).isEqualTo(3);
		this.commit.commit();
		assertThat(this.counters.deliveries().get()).isEqualTo(4);
		assertThat(this.counters.results().get("out").get()).isEqualTo(3);
	}

	/**
	 * There is one place only.
	 */
	private static final class NoMemory implements CommitPlace.Memory {

		@Override
		public Optional<CommitPlace> last(CommitScope scope) {
			return Optional.empty();
		}

		@Override
		public void remember(CommitScope scope, CommitPlace place) {
		}

		@Override
		public void forget(CommitScope scope) {
		}

		@Override
		public String location() {
			return "nowhere";
		}

	}

}
