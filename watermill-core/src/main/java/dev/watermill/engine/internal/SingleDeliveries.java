package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.join.internal.MergeJoin;

/**
 * Deliveries without windows: each master element that has its matches, by itself.
 */
final class SingleDeliveries extends Deliveries {

	SingleDeliveries(LaneControl control, LaneCounters counters, MergeJoin merge, LaneCommit commit, DeliveryCall call,
			CurrentDelivery current) {
		super(control, counters, merge, commit, call, current);
		current.of(merge.newSingle(), null);
	}

	/**
	 * Deliver the master element that is shown. Those that are skipped cost nothing here:
	 * what others wish, and whether a commit is due, is seen wherever the merge reads on,
	 * too.
	 */
	@Override
	public boolean matched() {
		check();
		commit().ifDue();
		deliver();
		return !current().isEndRequested();
	}

	@Override
	void waited(boolean pollTimedOut) {
	}

	@Override
	Duration untilDue(Duration atMost) {
		return atMost;
	}

	@Override
	void finish() {
	}

}
