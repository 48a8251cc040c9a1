package dev.watermill.key.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

import dev.watermill.key.InvalidKeyException;
import org.jspecify.annotations.Nullable;

/**
 * How keys compare.
 * <p>
 * A key is brought to its {@link #normalize(Object) normal form} once, when its element
 * is accepted; only normal forms are compared. Whole numbers of every width become
 * {@link Long}, text becomes {@link String}, the types that name an instant become
 * {@link Instant}. Numbers of different kinds compare by exact numeric value, texts by
 * code point.
 *
 * @since 0.1.0
 */
public final class Keys {

	private Keys() {
	}

	/**
	 * Bring a key to its normal form.
	 * @param key the key as its function computed it
	 * @return the normal form
	 * @throws InvalidKeyException if the key is null, NaN, or not comparable
	 */
	public static Object normalize(@Nullable Object key) {
		if (key instanceof Long || key instanceof String || key instanceof BigDecimal) {
			return key;
		}
		if (key == null) {
			throw new InvalidKeyException("the key is null");
		}
		if (key instanceof Integer || key instanceof Short || key instanceof Byte) {
			return ((Number) key).longValue();
		}
		if (key instanceof Double || key instanceof Float) {
			return checkNumber(((Number) key).doubleValue());
		}
		if (key instanceof BigInteger integer) {
			return (integer.bitLength() < Long.SIZE) ? (Object) integer.longValue() : new BigDecimal(integer);
		}
		if (key instanceof CharSequence || key instanceof Character) {
			return key.toString();
		}
		if (key instanceof OffsetDateTime time) {
			return time.toInstant();
		}
		if (key instanceof ZonedDateTime time) {
			return time.toInstant();
		}
		if (key instanceof List<?> list) {
			List<Object> normal = new ArrayList<>(list.size());
			for (Object item : list) {
				normal.add(normalize(item));
			}
			return Collections.unmodifiableList(normal);
		}
		if (key instanceof Comparable) {
			return key;
		}
		throw new InvalidKeyException(
				KeyWords.withArticle(key.getClass().getName()) + " has no order, so it cannot be a key");
	}

	static double checkNumber(double key) {
		if (Double.isNaN(key)) {
			throw new InvalidKeyException("the key is not a number (NaN)");
		}
		return key;
	}

	/**
	 * Compare two keys.
	 * @param left the normal form of a key
	 * @param right the normal form of another one
	 * @return a negative number, zero or a positive number, as in
	 * {@link Comparable#compareTo(Object)}
	 * @throws IncomparableException if keys of these kinds have no common order
	 */
	@SuppressWarnings("unchecked")
	public static int compare(Object left, Object right) {
		if (left instanceof Long a && right instanceof Long b) {
			return Long.compare(a, b);
		}
		if (left instanceof String a && right instanceof String b) {
			return compareTexts(a, b);
		}
		if (left instanceof Number a && right instanceof Number b && isNumber(left) && isNumber(right)) {
			return compareNumbers(a, b);
		}
		if (left instanceof UUID a && right instanceof UUID b) {
			int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
			return (high != 0) ? high : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
		}
		if (left instanceof List<?> a && right instanceof List<?> b) {
			return compareLists(a, b);
		}
		if (KeyKind.of(left).comparesWith(KeyKind.of(right))) {
			return ((Comparable<Object>) left).compareTo(right);
		}
		throw new IncomparableException(left, right);
	}

	/**
	 * Compare by code point, which is the order of UTF-8 bytes too. Java's own order is
	 * that of UTF-16 code units, which differs where one text has a surrogate and the
	 * other a unit behind the surrogates.
	 */
	static int compareTexts(String left, String right) {
		int common = Math.min(left.length(), right.length());
		for (int i = 0; i < common; i++) {
			char a = left.charAt(i);
			char b = right.charAt(i);
			if (a != b) {
				return (a < Character.MIN_SURROGATE || b < Character.MIN_SURROGATE) ? a - b
						: compareCodePoints(left, right, i);
			}
		}
		return left.length() - right.length();
	}

	private static int compareCodePoints(String left, String right, int index) {
		if (index > 0 && Character.isHighSurrogate(left.charAt(index - 1))) {
			// What differs may be the second half of a pair, or a unit of its own
			int pairs = Integer.compare(left.codePointAt(index - 1), right.codePointAt(index - 1));
			if (pairs != 0) {
				return pairs;
			}
		}
		return Integer.compare(left.codePointAt(index), right.codePointAt(index));
	}

	private static int compareLists(List<?> left, List<?> right) {
		int common = Math.min(left.size(), right.size());
		for (int i = 0; i < common; i++) {
			int comparison = compare(left.get(i), right.get(i));
			if (comparison != 0) {
				return comparison;
			}
		}
		return Integer.compare(left.size(), right.size());
	}

	/**
	 * Return what two keys have in common if they are equal, for a table.
	 * @param key the normal form of a key
	 * @return the key, or another one that is equal to it; equal keys have equal ones
	 */
	public static Object identity(Object key) {
		if (key instanceof Double floating) {
			return Double.isInfinite(floating) ? key : identity(new BigDecimal(floating));
		}
		if (key instanceof BigDecimal decimal) {
			BigDecimal stripped = decimal.stripTrailingZeros();
			boolean fits = stripped.scale() <= 0 && stripped.precision() - stripped.scale() <= 19;
			if (fits && stripped.toBigInteger().bitLength() < Long.SIZE) {
				return stripped.longValue();
			}
			return stripped;
		}
		if (key instanceof List<?> list) {
			return list.stream().map(Keys::identity).toList();
		}
		return key;
	}

	private static boolean isNumber(Object key) {
		return key instanceof Long || key instanceof Double || key instanceof BigDecimal;
	}

	private static int compareNumbers(Number left, Number right) {
		if (left instanceof Double a && right instanceof Double b) {
			return compareDoubles(a, b);
		}
		// an infinity has no exact decimal, but its order is known
		if (left instanceof Double a && Double.isInfinite(a)) {
			return (a > 0) ? 1 : -1;
		}
		if (right instanceof Double b && Double.isInfinite(b)) {
			return (b > 0) ? -1 : 1;
		}
		return exact(left).compareTo(exact(right));
	}

	static int compareDoubles(double left, double right) {
		// unlike Double.compare, -0.0 equals 0.0: keys compare by numeric value
		return (left < right) ? -1 : ((left > right) ? 1 : 0);
	}

	static BigDecimal exact(Number number) {
		if (number instanceof BigDecimal decimal) {
			return decimal;
		}
		return (number instanceof Long whole) ? BigDecimal.valueOf(whole) : new BigDecimal(number.doubleValue());
	}

	/**
	 * Two keys of kinds that have no common order, such as a text and a number.
	 */
	public static class IncomparableException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		IncomparableException(String message) {
			super(message);
		}

		IncomparableException(Object left, Object right) {
			super("the keys " + describe(left) + " and " + describe(right) + " have no common order");
		}

		private static String describe(Object key) {
			return KeyWords.describe(key) + " (" + KeyKind.of(key) + ")";
		}

	}

}
