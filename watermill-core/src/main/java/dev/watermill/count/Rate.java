package dev.watermill.count;

/**
 * How fast a {@link Counter} grows now. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Rate {

	/**
	 * How much was counted in a second, of late.
	 * @return the number per second; 0 soon after counting has ceased
	 */
	double perSecond();

}
