package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.join.internal.MergeJoin;

/**
 * Deliveries without windows: each master element that has its matches, by itself.
 */
final class SingleDeliveries extends Deliveries {

	private final DeliveryCall call;

	private final DeliveryRun run;

	SingleDeliveries(LaneControl control, LaneCounters counters, MergeJoin merge, LaneCommit commit, DeliveryCall call,
			CurrentDelivery current) {
		super(control, counters, merge, commit, call, current);
		current.of(merge.newSingle());
		this.call = call;
		this.run = new DeliveryRun(control, merge, commit, call, current);
	}

	/**
	 * Deliver the master element that is shown, and what follows on it in a run. Those
	 * that are skipped cost nothing here: what others wish, and whether a commit is due,
	 * is seen wherever the merge reads on, too.
	 */
	@Override
	public boolean matched() {
		do {
			check();
			commit().ifDue();
		}
		while (deliver() && !current().isEndRequested() && runFails());
		return !current().isEndRequested();
	}

	/**
	 * Make the deliveries behind the current one that are made in a run.
	 * @return whether one of them, the current one now, failed and is to be repeated
	 */
	private boolean runFails() {
		try {
			this.run.go();
			return false;
		}
		catch (ProcessingException ex) {
			GivenUp givenUp = this.call.decide(current(), ex);
			if (givenUp != null) {
				passOver(givenUp);
			}
			return givenUp == null;
		}
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
