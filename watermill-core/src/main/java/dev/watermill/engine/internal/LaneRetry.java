package dev.watermill.engine.internal;

import dev.watermill.engine.MillLiveness;

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
	 */
	boolean isToBeSkipped(CurrentDelivery delivery) {
		return this.failures.isSkipDue() && this.failures.takeSkip(delivery.position());
	}

	/**
	 * Whether there is such a delivery.
	 */
	boolean isSkipDue() {
		return this.failures.isSkipDue();
	}

	/**
	 * Decide whether what failed is repeated, and pause until it shall be.
	 * @return {@code false} if it is to be passed over
	 * @throws ProcessingException if the run can't go on
	 */
	boolean repeats(ProcessingException ex) {
		if (ex.isPartlyWritten() || ex.kind() == ProcessingException.Kind.FATAL || this.control.isAborted()) {
			throw ex;
		}
		this.commit.ifMoved();
		return switch (this.failures.judge(ex)) {
			case REPEAT -> {
				this.control.steps().becomes(MillLiveness.Activity.RETRYING);
				this.control.permit().without(() -> {
					this.control.pauseFor(this.failures.pause(ex));
					this.control.check(this.commit.beforeWaiting());
				}, this.commit.beforeWaiting());
				this.control.steps().becomes(MillLiveness.Activity.MERGING);
				yield true;
			}
			case SKIP -> false;
			case FAIL -> throw ex;
		};
	}

}
