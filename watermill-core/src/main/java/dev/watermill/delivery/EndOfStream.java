package dev.watermill.delivery;

/**
 * The end of a stream. A processing function returns it as its result, or as the last of
 * several, to end its output: the mill writes what it has, marks its output streams as
 * over and completes.
 *
 * @since 0.1.0
 */
public enum EndOfStream {

	/**
	 * The only one.
	 */
	INSTANCE

}
