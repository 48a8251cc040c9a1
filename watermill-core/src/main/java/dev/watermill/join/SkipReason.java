package dev.watermill.join;

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
	 * It could not be read or has no valid key.
	 */
	INVALID,

	/**
	 * Its key is less than one before it.
	 */
	DISORDER;

	/**
	 * The reason as metrics and logs name it.
	 * @return the name in lower case
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT);
	}

}
