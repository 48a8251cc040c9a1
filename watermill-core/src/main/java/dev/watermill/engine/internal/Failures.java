package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.engine.RetryPolicy;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges what becomes of a delivery that failed: it is repeated, as often as the policy
 * says, then passed over, or the mill fails. Known by the position of its first master
 * element, so that attempts count on when a run is thrown away between them. Used by the
 * lane's thread, for one start of the mill.
 */
final class Failures {

	private static final Logger logger = LoggerFactory.getLogger(Failures.class);

	private final MillPlan plan;

	private final LaneControl control;

	private @Nullable Position position;

	/** How often the delivery at the position failed in a row. */
	private int failures;

	/** Whether it is to be passed over when it is reached again. */
	private boolean skipDue;

	Failures(MillPlan plan, LaneControl control) {
		this.plan = plan;
		this.control = control;
	}

	/**
	 * Decide about a failure.
	 */
	Verdict judge(ProcessingException ex) {
		if (ex.kind() == ProcessingException.Kind.FATAL) {
			return Verdict.FAIL;
		}
		this.failures = (this.failures > 0 && isAt(ex.position())) ? this.failures + 1 : 1;
		this.position = ex.position();
		this.control.troubled(ex);
		RetryPolicy retry = this.plan.failure().retry();
		boolean retryable = ex.getCause() == null || retry.isRetryable(ex.getCause());
		if (retryable && this.failures <= retry.maxRetries()) {
			return Verdict.REPEAT;
		}
		if (this.plan.failure().onError() == ErrorPolicy.SKIP && ex.kind() == ProcessingException.Kind.DELIVERY) {
			logger.error("Skipped a delivery after {}: {}", attempts(), ex.getMessage(), ex);
			this.failures = 0;
			return Verdict.SKIP;
		}
		return Verdict.FAIL;
	}

	private String attempts() {
		return (this.failures == 1) ? "1 attempt" : this.failures + " attempts";
	}

	/**
	 * How long to pause before the delivery is repeated.
	 */
	Duration pause(ProcessingException ex) {
		Duration pause = this.plan.failure().retry().pauseAfter(this.failures);
		logger.warn("Attempt {} of {} failed, the next one follows in {} ms: {}", this.failures,
				this.plan.failure().retry().maxRetries() + 1, pause.toMillis(), ex.getMessage());
		return pause;
	}

	/**
	 * Let the delivery that failed last be passed over in the run that follows.
	 */
	void skipWhenReached() {
		this.skipDue = true;
	}

	boolean isSkipDue() {
		return this.skipDue;
	}

	/**
	 * Whether it is the delivery at a position that is to be passed over, which then is
	 * no more.
	 */
	boolean takeSkip(@Nullable Position at) {
		boolean reached = isAt(at);
		this.skipDue = !reached;
		return reached;
	}

	private boolean isAt(@Nullable Position at) {
		return (at != null) ? at.equals(this.position) : this.position == null;
	}

	/**
	 * What becomes of a delivery.
	 */
	enum Verdict {

		REPEAT, SKIP, FAIL

	}

}
