package dev.watermill.stream;

import java.util.Locale;

/**
 * Why an element is in no delivery.
 *
 * @since 0.1.0
 */
public enum SkipReason {

	/**
	 * No element of another stream has its key.
	 */
	UNMATCHED,

	/**
	 * It came behind the one element that was asked for.
	 */
	SURPLUS,

	/**
	 * It has its matches, but its key is in no window.
	 */
	UNWINDOWED,

	/**
	 * It could not be read or has no valid key.
	 */
	INVALID,

	/**
	 * It has no value.
	 */
	TOMBSTONE,

	/**
	 * Its key is less than one before it.
	 */
	DISORDER,

	/**
	 * It came when its stream was over for the mill already, or what it belongs to was
	 * delivered, since the stream had been silent for so long.
	 */
	LATE,

	/**
	 * The function failed for every delivery that it was in, and these were passed over.
	 */
	FAILED,

	/**
	 * It stands before the mark of a segment that was over for the mill.
	 */
	SEGMENT;

	/**
	 * Whether it was passed over for itself, before it was looked for matches.
	 * @return {@code true} if so
	 */
	public boolean isOfItsOwn() {
		return this == INVALID || this == TOMBSTONE || this == DISORDER || this == LATE || this == SEGMENT;
	}

	/**
	 * Whether elements of which it holds may become dead letters: not for what is a
	 * join's own business.
	 * @return {@code true} if so
	 */
	public boolean mayDeadLetter() {
		return this != UNMATCHED && this != SURPLUS && this != UNWINDOWED && this != SEGMENT;
	}

	/**
	 * The reason as metrics and logs name it.
	 * @return the name in lower case
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT);
	}

}
