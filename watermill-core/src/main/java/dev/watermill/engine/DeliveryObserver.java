package dev.watermill.engine;

import java.util.Map;

import dev.watermill.delivery.MillContext;

/**
 * Is around each delivery of a mill, on the thread of its lane: the seam on which tracing
 * is built. Thread-safe.
 *
 * @since 0.1.0
 */
public interface DeliveryObserver {

	/**
	 * A delivery begins.
	 * @param context what is known of it, the headers of the master's record among it
	 * @return is called as it goes on
	 */
	ObservedDelivery begin(MillContext context);

	/**
	 * One delivery, from before the function is called until its results are written.
	 */
	interface ObservedDelivery {

		/**
		 * The function has returned, and answers later: what follows on this thread is of
		 * other deliveries.
		 */
		default void returned() {
		}

		/**
		 * Return the headers that the results are to carry. Asked for once, when the
		 * first of them is there, and not if there is none.
		 * @return the values by the names; none lets those by which the master's record
		 * is traced pass on to the results
		 */
		Map<String, byte[]> headers();

		/**
		 * The delivery failed.
		 * @param failure why
		 */
		void failed(Throwable failure);

		/**
		 * The delivery is over, whether it failed or not.
		 */
		void end();

	}

}
