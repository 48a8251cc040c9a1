package dev.watermill.engine.internal;

import java.util.List;

import dev.watermill.engine.DeliveryErrorHandler;
import dev.watermill.engine.DeliveryErrorHandler.Decision;
import dev.watermill.engine.DeliveryErrorHandler.FailedDelivery;
import dev.watermill.engine.RetryPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges what becomes of a delivery that failed: what a handler decides, or else it is
 * repeated, as often as the policy says, then passed over, or the mill fails. Known by
 * where it begins and by its window, so that attempts count on when a run is thrown away
 * between them. Used by the lane's thread, for one start of the mill.
 */
final class Failures {

	private static final Logger logger = LoggerFactory.getLogger(Failures.class);

	private final MillPlan plan;

	private final LaneControl control;

	private ProcessingException.@Nullable Kind kind;

	private @Nullable DeliveryId delivery;

	/** How often that delivery failed in a row. */
	private int failures;

	/** What was decided last. */
	private Decision decision = Decision.fail();

	/** What is to be passed over when it is reached again. */
	private @Nullable GivenUp due;

	Failures(MillPlan plan, LaneControl control) {
		this.plan = plan;
		this.control = control;
	}

	/**
	 * Decide about a failure, of which the delivery is still the current one.
	 * @throws ProcessingException if a handler fails
	 */
	Decision judge(ProcessingException ex, CurrentDelivery delivery) {
		this.decision = Decision.fail();
		if (ex.kind() == ProcessingException.Kind.FATAL) {
			return this.decision;
		}
		this.failures = isAgain(ex) ? this.failures + 1 : 1;
		this.kind = ex.kind();
		this.delivery = ex.delivery();
		this.control.troubled(ex);
		Decision decided = (ex.kind() == ProcessingException.Kind.DELIVERY) ? askHandlers(ex, delivery) : null;
		this.decision = (decided != null) ? decided : bySettings(ex);
		tell(ex, decided != null);
		if (!(this.decision instanceof Decision.Retry)) {
			this.failures = 0;
		}
		return this.decision;
	}

	private boolean isAgain(ProcessingException ex) {
		return this.failures > 0 && this.kind == ex.kind() && ex.delivery().equals(this.delivery);
	}

	private @Nullable Decision askHandlers(ProcessingException ex, CurrentDelivery delivery) {
		List<DeliveryErrorHandler> handlers = this.plan.failure().handlers();
		if (handlers.isEmpty()) {
			return null;
		}
		FailedDelivery failed = new FailedDelivery(delivery.newContext(), delivery.elements().asList(), ex.thrown(),
				this.failures);
		for (DeliveryErrorHandler handler : handlers) {
			Decision decided = ask(handler, failed, delivery, ex);
			if (decided != null) {
				return decided;
			}
		}
		return null;
	}

	private @Nullable Decision ask(DeliveryErrorHandler handler, FailedDelivery failed, CurrentDelivery delivery,
			ProcessingException ex) {
		try {
			Decision decided = handler.decide(failed);
			if (decided instanceof Decision.DeadLetter && !this.plan.deadLettersDeliveries()) {
				throw new IllegalStateException("There is no place for the dead letters of the mill's master. Name one "
						+ "for its stream or for the mill: dead-letter, with a topic or a file (.jsonl)");
			}
			return decided;
		}
		catch (Throwable thrown) {
			if (thrown != ex.thrown()) {
				thrown.addSuppressed(ex.thrown());
			}
			throw new ProcessingException(
					this.plan.name(), handler.getClass().getName()
							+ " failed, which was to decide about the delivery at " + delivery.origin(),
					ex.delivery(), ex.kind(), ex.isPartlyWritten(), thrown);
		}
		finally {
			if (!this.control.isAborted()) {
				// only a stop is a stop: whatever it did with its thread is over
				Thread.interrupted();
			}
		}
	}

	private Decision bySettings(ProcessingException ex) {
		RetryPolicy retry = this.plan.failure().retry();
		if (this.failures <= retry.maxRetries() && retry.isRetryable(ex.thrown())) {
			return Decision.retryAfter(retry.pauseAfter(this.failures));
		}
		if (ex.kind() != ProcessingException.Kind.DELIVERY) {
			return Decision.fail();
		}
		return switch (this.plan.failure().onError()) {
			case FAIL -> Decision.fail();
			case SKIP -> Decision.skip();
			case DEAD_LETTER -> Decision.deadLetter();
		};
	}

	private void tell(ProcessingException ex, boolean byHandler) {
		if (this.decision instanceof Decision.Retry again) {
			String most = byHandler ? "" : " of " + (this.plan.failure().retry().maxRetries() + 1);
			logger.warn("Attempt {}{} failed, the next one follows in {} ms: {}", this.failures, most,
					again.pause().toMillis(), ex.getMessage());
		}
		else if (!(this.decision instanceof Decision.Fail)) {
			logger.error("{} a delivery after {}: {}",
					(this.decision instanceof Decision.DeadLetter) ? "Dead-lettered" : "Skipped", attempts(),
					ex.getMessage(), ex);
		}
	}

	private String attempts() {
		return (this.failures == 1) ? "1 attempt" : this.failures + " attempts";
	}

	/**
	 * What was decided last.
	 */
	Decision decision() {
		return this.decision;
	}

	/**
	 * Let a delivery, the one that failed last, be passed over in the run that follows.
	 */
	void giveUpWhenReached(GivenUp delivery) {
		this.due = delivery;
	}

	/**
	 * Whether there is a delivery that is to be passed over when it is reached.
	 */
	boolean isAnyDue() {
		return this.due != null;
	}

	/**
	 * Return what there is to know of a delivery if it is to be passed over, which then
	 * is over.
	 * @return that, {@code null} if it is to be processed
	 */
	@Nullable GivenUp takeDue(DeliveryId at) {
		GivenUp reached = at.equals(this.delivery) ? this.due : null;
		if (reached != null) {
			this.due = null;
		}
		return reached;
	}

}
