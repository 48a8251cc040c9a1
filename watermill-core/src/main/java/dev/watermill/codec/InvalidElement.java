package dev.watermill.codec;

import org.jspecify.annotations.Nullable;

/**
 * Stands in a {@link dev.watermill.broker.Batch} for an element that could not be read,
 * or that can't be used.
 *
 * @param problem what was found and what was expected, for people
 * @param bytes the element as it was, as far as it is known
 * @param cause what the decoder said, if there was an exception
 * @param kind why it is none
 * @since 0.1.0
 */
public record InvalidElement(String problem, byte @Nullable [] bytes, @Nullable Throwable cause, Kind kind) {

	/**
	 * Create what stands for an element that could not be decoded.
	 * @param problem what was found and what was expected, for people
	 * @param bytes the element as it was, as far as it is known
	 * @param cause what the decoder said, if there was an exception
	 */
	public InvalidElement(String problem, byte @Nullable [] bytes, @Nullable Throwable cause) {
		this(problem, bytes, cause, Kind.UNREADABLE);
	}

	/**
	 * Return what stands for an element without a value.
	 * @param problem what was found and what was expected, for people
	 * @return a tombstone
	 */
	public static InvalidElement tombstone(String problem) {
		return new InvalidElement(problem, null, null, Kind.TOMBSTONE);
	}

	/**
	 * Return what stands for an element that came too late to be brought into order.
	 * @param problem what was found and what was expected, for people
	 * @return a late element
	 */
	public static InvalidElement late(String problem) {
		return new InvalidElement(problem, null, null, Kind.LATE);
	}

	/**
	 * Why something is no element.
	 */
	public enum Kind {

		/**
		 * It could not be decoded, or is nothing that can be used.
		 */
		UNREADABLE,

		/**
		 * There is no value (any more), so there was nothing to decode.
		 */
		TOMBSTONE,

		/**
		 * It is an element, but its place in the order was passed when it came.
		 */
		LATE

	}

}
