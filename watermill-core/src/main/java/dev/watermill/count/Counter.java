package dev.watermill.count;

/**
 * A count that grows. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Counter {

	/**
	 * Return the count.
	 * @return the count as last seen
	 */
	long get();

	/**
	 * How fast a {@link Counter} grows now. Thread-safe.
	 */
	interface Rate {

		/**
		 * How much was counted in a second, of late.
		 * @return the number per second; 0 soon after counting has ceased
		 */
		double perSecond();

	}

}
