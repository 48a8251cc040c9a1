package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.engine.MillActivity;
import dev.watermill.join.internal.Waiting;
import dev.watermill.stream.SkipReason;

/**
 * What a lane does while its streams have nothing for it: it waits in steps short enough
 * to see what others wish, and knows how long nothing has come.
 */
final class LaneWaiting implements Waiting {

	/** How long others wait at most until their wish is seen. */
	static final Duration LONGEST = Duration.ofMillis(100);

	private final MillPlan plan;

	private final LaneControl control;

	private final Lane lane;

	/** The wait that was begun last, and all of those in which nothing came. */
	private Duration wait = Duration.ZERO;

	private Duration waited = Duration.ZERO;

	LaneWaiting(MillPlan plan, LaneControl control, Lane lane) {
		this.plan = plan;
		this.control = control;
		this.lane = lane;
	}

	@Override
	public void beforePage(boolean consumed) {
		this.waited = consumed ? Duration.ZERO : this.waited;
		this.lane.beforePage(consumed);
	}

	@Override
	public void nothingMatches() {
		throw StopSignal.ENDED;
	}

	@Override
	public Duration idle(boolean somethingThere) {
		Duration left = this.plan.pollTimeout().minus(this.waited);
		this.wait = this.lane.idle((left.compareTo(LONGEST) < 0) ? left : LONGEST);
		if (somethingThere) {
			this.control.steps().becomes(MillActivity.WAITING);
		}
		else {
			this.control.steps().restsAs(MillActivity.IDLE);
		}
		return this.wait;
	}

	@Override
	public void timedOut() {
		this.waited = this.waited.plus(this.wait);
		boolean pollTimedOut = this.waited.compareTo(this.plan.pollTimeout()) >= 0;
		if (pollTimedOut) {
			this.waited = Duration.ZERO;
		}
		this.lane.timedOut(pollTimedOut);
	}

	@Override
	public boolean countsAsOver(Duration silent) {
		return this.plan.dataTimeout() != null && silent.compareTo(this.plan.dataTimeout()) >= 0;
	}

	@Override
	public void unavailable(String stream, BrokerUnavailableException problem, int attempt) {
		this.control.outage().begins(stream + ": " + problem.getMessage());
		this.lane.commitBeforeWaiting();
		this.control.steps().becomes(MillActivity.WAITING);
		this.control.pauseFor(this.plan.retry().pauseAfter(attempt));
		this.control.check(this.lane::commitBeforeWaiting);
	}

	@Override
	public void available(String stream) {
		this.control.outage().answered();
	}

	@Override
	public void interrupted() {
		this.control.interrupted();
	}

	@Override
	public void dropped(String stream, SkipReason reason, String problem) {
		this.control.skips().skipped(stream, reason, problem);
	}

}
