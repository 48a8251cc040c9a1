package dev.watermill.engine;

import java.time.Duration;
import java.util.List;

import dev.watermill.delivery.MillContext;
import dev.watermill.engine.internal.MillSettings;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a delivery for which the function failed, where that depends on
 * the delivery or on the failure in a way that settings can't say. It is asked after each
 * attempt, before the settings are.
 * <p>
 * A handler is called on the thread of the lane, which does nothing else meanwhile: what
 * came before the delivery is committed, except within a delivery of so many results that
 * a part of them was written. It is not asked about an {@link Error} that stops the mill,
 * nor about a window function. If it fails itself the mill does. Lanes share it, so it
 * has to be thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface DeliveryErrorHandler {

	/**
	 * Decide what becomes of a delivery.
	 * @param failed the delivery, and how it failed
	 * @return what becomes of it; {@code null} to leave that to the handlers that follow,
	 * and then to the settings
	 */
	@Nullable Decision decide(FailedDelivery failed);

	/**
	 * A delivery for which the function failed. Immutable.
	 *
	 * @param context what the function could ask of it; that its stream ends can't be
	 * said any more
	 * @param elements the master's element, or those of a window
	 * @param failure what the function threw
	 * @param attempts how often it has failed in a row, from 1
	 */
	record FailedDelivery(MillContext context, List<?> elements, Throwable failure, int attempts) {

	}

	/**
	 * What becomes of a delivery that failed.
	 */
	sealed interface Decision {

		/**
		 * Let the mill fail before the delivery.
		 * @return the decision
		 */
		static Decision fail() {
			return new Fail();
		}

		/**
		 * Count the delivery, and pass it over.
		 * @return the decision
		 */
		static Decision skip() {
			return new Skip();
		}

		/**
		 * Write the master's elements of the delivery to the dead letters, and pass it
		 * over. There has to be a place for the dead letters of the master: one that is
		 * named, or else its default if the settings let elements or deliveries of it
		 * become dead letters.
		 * @return the decision
		 */
		static Decision deadLetter() {
			return new DeadLetter();
		}

		/**
		 * Call the function again for the delivery.
		 * @param pause how long to wait before
		 * @return the decision
		 * @throws IllegalArgumentException if the pause is negative, or above a hundred
		 * years
		 */
		static Decision retryAfter(Duration pause) {
			return new Retry(pause);
		}

		/**
		 * The mill fails before the delivery.
		 */
		record Fail() implements Decision {

		}

		/**
		 * The delivery is counted, and passed over.
		 */
		record Skip() implements Decision {

		}

		/**
		 * The master's elements are written to the dead letters, and the delivery is
		 * passed over.
		 */
		record DeadLetter() implements Decision {

		}

		/**
		 * The function is called again for the delivery.
		 *
		 * @param pause how long to wait before
		 */
		record Retry(Duration pause) implements Decision {

			/**
			 * Create a decision.
			 */
			public Retry {
				if (pause.isNegative() || pause.compareTo(MillSettings.MAX_DURATION) > 0) {
					throw new IllegalArgumentException("the pause must be from 0 to "
							+ MillSettings.MAX_DURATION.toDays() + " days, but is " + pause);
				}
			}

		}

	}

}
