package dev.watermill.codec;

import org.jspecify.annotations.Nullable;

/**
 * Stands in a {@link dev.watermill.broker.Batch} for an element that could not be read.
 *
 * @param problem what was found and what was expected, for people
 * @param bytes the element as it was, as far as it is known
 * @param cause what the decoder said, if there was an exception
 * @param isTombstone whether it says that there is no value (any more), so that there was
 * nothing to decode
 * @since 0.1.0
 */
public record InvalidElement(String problem, byte @Nullable [] bytes, @Nullable Throwable cause, boolean isTombstone) {

	/**
	 * Create what stands for an element that could not be decoded.
	 * @param problem what was found and what was expected, for people
	 * @param bytes the element as it was, as far as it is known
	 * @param cause what the decoder said, if there was an exception
	 */
	public InvalidElement(String problem, byte @Nullable [] bytes, @Nullable Throwable cause) {
		this(problem, bytes, cause, false);
	}

	/**
	 * Return what stands for an element without a value.
	 * @param problem what was found and what was expected, for people
	 * @return a tombstone
	 */
	public static InvalidElement tombstone(String problem) {
		return new InvalidElement(problem, null, null, true);
	}

}
