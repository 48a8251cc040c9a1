package dev.watermill.join.internal;

/**
 * What is known of the stream behind a page.
 */
enum Behind {

	/**
	 * Nothing.
	 */
	UNKNOWN,

	/**
	 * The broker answered, and nothing stands there now.
	 */
	NOTHING_YET,

	/**
	 * The end: the stream has shown its mark.
	 */
	MARK,

	/**
	 * The end: nothing came for so long that nothing more is expected, although there is
	 * no mark.
	 */
	SILENCE,

	/**
	 * An element that stops the mill, or what keeps the stream from being read.
	 */
	FAILURE

}
