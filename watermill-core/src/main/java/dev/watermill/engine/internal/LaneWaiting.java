package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.Objects;

import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.engine.MillLiveness;
import dev.watermill.join.internal.Rejected;
import dev.watermill.join.internal.Waiting;
import org.jspecify.annotations.Nullable;

/**
 * What a lane does while its streams have nothing for it: it waits in steps short enough
 * to see what others wish, and knows how long nothing has come.
 */
final class LaneWaiting implements Waiting {

	/** How long others wait at most until their wish is seen. */
	static final Duration LONGEST = Duration.ofMillis(100);

	/**
	 * How long what is known to be there may take until it counts as waited for, in which
	 * case others work. A fetch takes less, and to change over costs a commit.
	 */
	private static final Duration TO_FETCH = Duration.ofMillis(10);

	private final MillPlan plan;

	private final LaneControl control;

	private final WhileWaiting whileWaiting;

	/** What the merge works for, once it does. */
	private @Nullable Deliveries deliveries;

	/** The wait that was begun last, and all of those in which nothing came. */
	private Duration wait = Duration.ZERO;

	private Duration waited = Duration.ZERO;

	private final HeldBackLog heldBack;

	LaneWaiting(MillPlan plan, LaneControl control, WhileWaiting whileWaiting) {
		this.heldBack = new HeldBackLog(control.lane(), plan.clock());
		this.plan = plan;
		this.control = control;
		this.whileWaiting = whileWaiting;
	}

	/**
	 * The merge is going to work.
	 */
	void workFor(Deliveries made) {
		this.deliveries = made;
	}

	private Deliveries deliveries() {
		return Objects.requireNonNull(this.deliveries);
	}

	@Override
	public void beforePage(boolean consumed) {
		this.waited = consumed ? Duration.ZERO : this.waited;
		LaneCommit commit = deliveries().commit();
		this.control.known().skips().tick();
		if (consumed) {
			this.control.steps().moved();
			commit.moved();
		}
		this.control.check(commit.whileWaiting());
		commit.ifOver();
	}

	@Override
	public void nothingMatches() {
		throw StopSignal.ENDED;
	}

	@Override
	public Duration idle(Awaited awaited) {
		if (awaited == Awaited.ON_ITS_WAY && isReading()) {
			this.wait = deliveries().untilDue(TO_FETCH);
			this.control.steps().becomes(MillLiveness.Activity.WAITING);
			return this.wait;
		}
		this.control.permit().giveBack();
		Duration longest = this.control.longestWait();
		Duration left = this.plan.timing().pollTimeout().minus(this.waited);
		Duration atMost = Durations.shorter(Durations.shorter(left, longest), this.plan.timing().idle());
		LaneCommit commit = deliveries().commit();
		// what is on its way comes sooner than a commit is done
		Duration untilCommit = (awaited == Awaited.ON_ITS_WAY) ? commit.whileWaiting().commitDue(atMost)
				: commit.beforeIdling(atMost);
		this.wait = deliveries().untilDue(untilCommit);
		if (awaited == Awaited.NOTHING) {
			this.control.steps().restsAs(MillLiveness.Activity.IDLE);
		}
		else {
			this.control.steps().becomes(MillLiveness.Activity.WAITING);
		}
		return this.wait;
	}

	/**
	 * Whether the lane may take its time to fetch what is there, as it would to read a
	 * file, before it gives its turn up.
	 */
	private boolean isReading() {
		return this.waited.isZero() && deliveries().commit().untilDue(TO_FETCH).equals(TO_FETCH);
	}

	@Override
	public void goesOn() {
		this.control.permit().take(this.whileWaiting);
	}

	@Override
	public void timedOut() {
		this.waited = this.waited.plus(this.wait);
		boolean pollTimedOut = this.waited.compareTo(this.plan.timing().pollTimeout()) >= 0;
		if (pollTimedOut) {
			this.waited = Duration.ZERO;
		}
		this.heldBack.waited(this.control.known().heldBackBy());
		deliveries().waited(pollTimedOut);
	}

	@Override
	public boolean countsAsOver(Duration silent) {
		return this.plan.timing().dataTimeout() != null && silent.compareTo(this.plan.timing().dataTimeout()) >= 0;
	}

	@Override
	public boolean countsAsAll(Duration silent) {
		return this.plan.timing().idle() != null && silent.compareTo(this.plan.timing().idle()) >= 0;
	}

	@Override
	public void silent(boolean master) {
		deliveries().silent(master);
	}

	@Override
	public void unavailable(String stream, BrokerUnavailableException problem, int attempt) {
		this.control.known().outage().begins(stream + ": " + problem.getMessage());
		this.whileWaiting.commit();
		Duration pause = this.plan.failure().pauseWhileAway(attempt);
		this.control.permit()
			.without(() -> this.control.pauseFor(pause, MillLiveness.Activity.WAITING, this.whileWaiting),
					this.whileWaiting);
	}

	@Override
	public void available(String stream) {
		this.control.known().outage().answered();
	}

	@Override
	public void interrupted() {
		this.control.interrupted();
	}

	@Override
	public void deadLetter(String stream, Rejected element) {
		deliveries().commit().deadLetters().rejected(stream, element);
		this.control.known()
			.skips()
			.deadLettered(stream, element.reason(), element.origin() + ": " + element.problem());
	}

	@Override
	public void rejected(String stream, Rejected element) {
		this.control.known().skips().skipped(stream, element.reason(), element.origin() + ": " + element.problem());
	}

}
