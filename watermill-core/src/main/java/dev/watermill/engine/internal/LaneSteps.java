package dev.watermill.engine.internal;

import dev.watermill.count.internal.OneWriterCounter;
import dev.watermill.engine.MillLiveness;

/**
 * What a lane's thread leaves behind as it goes, for those who want to know whether it
 * gets on: a few counts, no time, since a clock would cost more than a fast function.
 * Written by the lane's thread, readable by all.
 */
final class LaneSteps {

	/** One more at the begin of each call and at its end: odd within a call. */
	private final OneWriterCounter calls = new OneWriterCounter();

	/** The calls that failed, so that the delivery is still to be processed. */
	private final OneWriterCounter failedCalls = new OneWriterCounter();

	/** Whatever else there was of progress. */
	private final OneWriterCounter moves = new OneWriterCounter();

	private volatile MillLiveness.Activity activity = MillLiveness.Activity.NONE;

	/** How many calls there were when the activity was noted. */
	private volatile long callsThen;

	void callBegins() {
		this.calls.increment();
	}

	void callEnds() {
		this.calls.increment();
	}

	/**
	 * Note where the lane is, for those who count the calls they make by themselves.
	 * @param count one more at the begin of each call and at its end
	 */
	void calls(long count) {
		this.calls.set(count);
	}

	/**
	 * The call in which the lane is has failed.
	 */
	void callFails() {
		this.failedCalls.increment();
	}

	void moved() {
		this.moves.increment();
	}

	/**
	 * There is nothing to do, which is as good as progress.
	 */
	void restsAs(MillLiveness.Activity what) {
		this.moves.increment();
		becomes(what);
	}

	void becomes(MillLiveness.Activity what) {
		this.callsThen = this.calls.get();
		this.activity = what;
	}

	/**
	 * What the lane does. What was noted before a call is over with it.
	 */
	MillLiveness.Activity activity() {
		MillLiveness.Activity noted = this.activity;
		long counted = this.calls.get();
		if (isCall(counted)) {
			return MillLiveness.Activity.CALLING;
		}
		return (noted == MillLiveness.Activity.IDLE && counted != this.callsThen) ? MillLiveness.Activity.MERGING
				: noted;
	}

	long calls() {
		return this.calls.get();
	}

	static boolean isCall(long calls) {
		return (calls & 1) == 1;
	}

	/**
	 * A number that grows with each step forward. While a call fails it is one too small.
	 */
	long progress() {
		// in this order: a call is counted as failed before it is counted as finished
		long finished = this.calls.get() / 2;
		return finished - this.failedCalls.get() + this.moves.get();
	}

}
