package dev.watermill.stream;

/**
 * What happens with what can't be processed.
 *
 * @since 0.1.0
 */
public enum ErrorPolicy {

	/**
	 * The mill stops before it and can go on there after the cause is removed.
	 */
	FAIL,

	/**
	 * It is counted and passed over.
	 */
	SKIP,

	/**
	 * It is written, as it was, to the dead letters of its stream, counted, and passed
	 * over.
	 */
	DEAD_LETTER

}
