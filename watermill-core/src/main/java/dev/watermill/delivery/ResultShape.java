package dev.watermill.delivery;

/**
 * The form in which a processing function answers.
 *
 * @since 0.1.0
 */
public enum ResultShape {

	/**
	 * Nothing.
	 */
	NONE,

	/**
	 * One result or {@code null}.
	 */
	SINGLE,

	/**
	 * An {@link java.util.Optional}.
	 */
	OPTIONAL,

	/**
	 * An {@link Iterable}, such as a list.
	 */
	ITERABLE,

	/**
	 * An {@link java.util.Iterator}.
	 */
	ITERATOR,

	/**
	 * A {@link java.util.stream.Stream}, consumed lazily and closed.
	 */
	STREAM,

	/**
	 * Any of them, which is seen from the answer itself.
	 */
	ANY

}
