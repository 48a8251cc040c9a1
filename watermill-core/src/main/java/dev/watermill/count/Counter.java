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

}
