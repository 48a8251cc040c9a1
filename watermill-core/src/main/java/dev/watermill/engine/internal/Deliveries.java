package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.join.internal.MatchConsumer;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.window.internal.OpenWindows;
import org.jspecify.annotations.Nullable;

/**
 * Makes deliveries of what a merge finds, and has them processed. Used by the lane's
 * thread.
 */
abstract sealed class Deliveries implements MatchConsumer permits SingleDeliveries, FlyingDeliveries, WindowDeliveries {

	private final LaneControl control;

	private final LaneCounters counters;

	private final MergeJoin merge;

	private final LaneCommit commit;

	private final WhileWaiting whileWaiting;

	private final DeliveryCall call;

	private final CurrentDelivery current;

	Deliveries(LaneControl control, LaneCounters counters, MergeJoin merge, LaneCommit commit, DeliveryCall call,
			CurrentDelivery current) {
		this.control = control;
		this.counters = counters;
		this.merge = merge;
		this.commit = commit;
		this.whileWaiting = commit.whileWaiting();
		this.call = call;
		this.current = current;
	}

	final LaneCommit commit() {
		return this.commit;
	}

	final CurrentDelivery current() {
		return this.current;
	}

	final LanePermit permit() {
		return this.control.permit();
	}

	/**
	 * Do what others wish.
	 */
	final void check() {
		this.control.check(this.whileWaiting);
	}

	/**
	 * Have the current delivery processed.
	 * @return whether it was processed, and not passed over
	 */
	final boolean deliver() {
		GivenUp givenUp = this.call.process(this.current);
		if (givenUp == null) {
			this.commit.delivered();
		}
		else {
			passOver(givenUp);
		}
		return givenUp == null;
	}

	/**
	 * Pass over the current delivery, which failed. What is written of it is in the
	 * commit in which it is passed.
	 */
	final void passOver(GivenUp givenUp) {
		if (givenUp.isDeadLetter()) {
			this.commit.deadLetters().failed(this.current, givenUp.failure());
		}
		this.counters.skippedDeliveries().increment();
		this.control.steps().moved();
		this.merge.failed(this.current.elements(), givenUp.isDeadLetter());
		this.commit.moved();
	}

	/**
	 * Note what became of a delivery of elements that are held.
	 * @param givenUp what there is to know of it if it is to be passed over
	 */
	final void settle(OpenWindows.Window window, @Nullable GivenUp givenUp) {
		if (givenUp == null) {
			this.merge.windows().delivered(window.elements());
		}
		else {
			passOver(givenUp);
		}
	}

	/**
	 * Deliver what nothing more belongs to, after nothing came for a while.
	 * @param pollTimedOut whether for as long as the poll time-out
	 */
	abstract void waited(boolean pollTimedOut);

	/**
	 * Deliver what may have got all that comes for now, after a stream was silent.
	 * @param master whether it is the master's, and no element waits for its matches
	 */
	void silent(boolean master) {
	}

	/**
	 * How long it is until nothing more belongs to something.
	 * @return the duration, {@code atMost} or less
	 */
	abstract Duration untilDue(Duration atMost);

	/**
	 * Deliver what is left at the end of the streams.
	 */
	abstract void finish();

	/**
	 * Write what has been processed of deliveries that were made, since the mill stops;
	 * the others are given up.
	 * @return what came of it
	 */
	Stopped stop() {
		return Stopped.BETWEEN_DELIVERIES;
	}

	/**
	 * Write what deliveries that were made come to, since nothing follows on them.
	 */
	void settle() {
	}

	/**
	 * Give up deliveries that were made and are not written.
	 */
	void cancel() {
	}

	/**
	 * Where deliveries stand that were stopped.
	 */
	enum Stopped {

		/** What is written is whole. */
		BETWEEN_DELIVERIES,

		/** The function ended the stream with the last one. */
		AT_THE_END,

		/** A part of one is written, which is to be taken back. */
		WITHIN_A_DELIVERY

	}

}
