package dev.watermill.key.internal;

/**
 * Two keys of kinds that have no common order, such as a text and a number.
 *
 * @since 0.1.0
 */
public class IncomparableKeysException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	IncomparableKeysException(Object left, Object right) {
		super("the keys " + describe(left) + " and " + describe(right) + " have no common order");
	}

	private static String describe(Object key) {
		return KeyWords.describe(key) + " (" + KeyKind.of(key) + ")";
	}

}
