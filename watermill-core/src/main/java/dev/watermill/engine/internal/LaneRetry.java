package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.engine.DeliveryErrorHandler.Decision;
import dev.watermill.engine.MillLiveness;
import org.jspecify.annotations.Nullable;

/**
 * Repeats in place what failed of a lane's work: what came before it is committed, so
 * that nothing else is repeated. Used by the lane's thread.
 */
final class LaneRetry {

	private final LaneControl control;

	private final Failures failures;

	private final LaneCommit commit;

	LaneRetry(LaneControl control, Failures failures, LaneCommit commit) {
		this.control = control;
		this.failures = failures;
		this.commit = commit;
	}

	/**
	 * Whether the delivery at which the lane is has failed in a run before, and is to be
	 * passed over.
	 * @return what there is to know of it then, {@code null} if it is to be processed
	 */
	@Nullable GivenUp givenUp(CurrentDelivery delivery) {
		return this.failures.isAnyDue() ? this.failures.takeDue(delivery.id()) : null;
	}

	/**
	 * Whether there is such a delivery.
	 */
	boolean isAnyDue() {
		return this.failures.isAnyDue();
	}

	/**
	 * Decide what becomes of what failed, and pause if it is to be repeated.
	 * @return {@code null} then; what there is to know of it if it is to be passed over
	 * @throws ProcessingException if the run can't go on
	 */
	@Nullable GivenUp decide(CurrentDelivery delivery, ProcessingException ex) {
		if (this.control.isAborted()) {
			throw ex;
		}
		if (!ex.isPartlyWritten() && ex.kind() != ProcessingException.Kind.FATAL) {
			this.commit.ifMoved();
		}
		Decision decision = this.failures.judge(ex, delivery);
		if (decision instanceof Decision.Fail) {
			throw ex;
		}
		GivenUp givenUp = (decision instanceof Decision.Retry) ? null
				: new GivenUp(ex, decision instanceof Decision.DeadLetter);
		if (ex.isPartlyWritten()) {
			// what is written has to be taken back first, in a run that follows
			if (givenUp != null) {
				this.failures.giveUpWhenReached(givenUp);
			}
			throw ex;
		}
		if (decision instanceof Decision.Retry retry) {
			pause(retry.pause());
		}
		return givenUp;
	}

	private void pause(Duration pause) {
		this.control.permit()
			.without(() -> this.control.pauseFor(pause, MillLiveness.Activity.RETRYING, this.commit.whileWaiting()),
					this.commit.whileWaiting());
		this.control.steps().becomes(MillLiveness.Activity.MERGING);
	}

}
