package dev.watermill.key.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Objects;

import dev.watermill.key.KeySpan;
import org.jspecify.annotations.Nullable;

/**
 * Compares how far keys are apart with a span. Whole numbers and decimals are exact,
 * whatever their size; where one of the two is floating point, both are; times are exact.
 * Immutable.
 *
 * @since 0.1.0
 */
public final class KeyDistance {

	/** The greatest difference of whole numbers of 64 bits. */
	static final BigDecimal MOST = new BigDecimal(BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE));

	// exact for anything but numbers whose exponents nobody could write out
	private static final MathContext EXACT = new MathContext(4_000);

	private final KeySpan span;

	/** The span between whole numbers, as an unsigned number. */
	private final long whole;

	private final double floating;

	/**
	 * Create a distance.
	 * @param span how far
	 */
	public KeyDistance(KeySpan span) {
		this.span = span;
		BigDecimal number = span.number();
		this.whole = (number != null) ? number.min(MOST).setScale(0, RoundingMode.FLOOR).toBigInteger().longValue() : 0;
		this.floating = (number != null) ? Math.min(number.doubleValue(), Double.MAX_VALUE) : 0;
	}

	/**
	 * Return the least whole number that is no farther before another one.
	 * @param key the other one
	 * @return the bound, that of 64 bits if it would be less
	 */
	public long before(long key) {
		return (Long.compareUnsigned(this.whole, key - Long.MIN_VALUE) >= 0) ? Long.MIN_VALUE : key - this.whole;
	}

	/**
	 * Return the greatest whole number that is no farther behind another one.
	 * @param key the other one
	 * @return the bound, that of 64 bits if it would be greater
	 */
	public long behind(long key) {
		return (Long.compareUnsigned(this.whole, Long.MAX_VALUE - key) >= 0) ? Long.MAX_VALUE : key + this.whole;
	}

	/**
	 * Return the least floating point number that is no farther before another one.
	 * @param key the other one
	 * @return the bound
	 */
	public double before(double key) {
		return key - this.floating;
	}

	/**
	 * Return the greatest floating point number that is no farther behind another one.
	 * @param key the other one
	 * @return the bound
	 */
	public double behind(double key) {
		return key + this.floating;
	}

	/**
	 * Whether two floating point numbers are no farther apart.
	 * @param left the one
	 * @param right the other
	 * @return {@code false} if they are farther apart
	 */
	public boolean covers(double left, double right) {
		return Math.abs(right - left) <= this.floating;
	}

	/**
	 * Whether a right key is no farther before a left key, or behind it.
	 * @param left the normal form of the left key
	 * @param right the normal form of the right key
	 * @return {@code false} if it is farther before it
	 * @throws Keys.IncomparableException if this is no distance between such keys
	 */
	public boolean reachesBack(Object left, Object right) {
		return isFloating(left, right) ? before(asDouble(left)) <= asDouble(right) : fits(right, left);
	}

	/**
	 * Whether a right key is no farther behind a left key, or before it.
	 * @param left the normal form of the left key
	 * @param right the normal form of the right key
	 * @return {@code false} if it is farther behind it
	 * @throws Keys.IncomparableException if this is no distance between such keys
	 */
	public boolean reachesAhead(Object left, Object right) {
		return isFloating(left, right) ? asDouble(right) <= behind(asDouble(left)) : fits(left, right);
	}

	/**
	 * Whether two keys are no farther apart.
	 * @param left the normal form of the one
	 * @param right the normal form of the other
	 * @return {@code false} if they are farther apart
	 * @throws Keys.IncomparableException if this is no distance between such keys
	 */
	public boolean covers(Object left, Object right) {
		return isFloating(left, right) ? covers(asDouble(left), asDouble(right))
				: fits(left, right) && fits(right, left);
	}

	/**
	 * Whether a key is at most the span greater than another one, or less.
	 */
	private boolean fits(Object less, Object greater) {
		if (less instanceof Long a && greater instanceof Long b && this.span.number() != null) {
			return b <= a || Long.compareUnsigned(b - a, this.whole) <= 0;
		}
		Comparable<Object> distance = distance(less, greater);
		boolean time = !(less instanceof Number);
		Object most = time ? this.span.duration() : this.span.number();
		if (most == null) {
			throw new Keys.IncomparableException(
					"the keys " + KeyWords.describe(less) + " and " + KeyWords.describe(greater) + " are not apart by "
							+ (time ? "a number, such as " + this.span + ", but by a duration"
									: "a duration, such as " + this.span + ", but by a number"));
		}
		return distance.compareTo(most) <= 0;
	}

	/**
	 * Compare how far two keys are from a third.
	 * @param from the normal form of the third
	 * @param before the normal form of a key that is not behind it
	 * @param behind the normal form of a key that is not before it
	 * @return a negative number if the one before is nearer, zero if both are equally
	 * far, a positive number if the one behind is
	 * @throws Keys.IncomparableException if such keys have no distances
	 */
	public static int compare(Object from, Object before, Object behind) {
		if (from instanceof Long key && before instanceof Long a && behind instanceof Long b) {
			return compare(key.longValue(), a.longValue(), b.longValue());
		}
		if (isFloating(from, before) || isFloating(from, behind)) {
			return compare(asDouble(from), asDouble(before), asDouble(behind));
		}
		return distance(before, from).compareTo(distance(from, behind));
	}

	/**
	 * Compare how far two whole numbers are from a third.
	 * @param from the third
	 * @param before a number that is not greater
	 * @param behind a number that is not less
	 * @return as the other methods of this name
	 */
	public static int compare(long from, long before, long behind) {
		return Long.compareUnsigned(from - before, behind - from);
	}

	/**
	 * Compare how far two floating point numbers are from a third.
	 * @param from the third
	 * @param before a number that is not greater
	 * @param behind a number that is not less
	 * @return as the other methods of this name
	 */
	public static int compare(double from, double before, double behind) {
		return Keys.compareDoubles(from - before, behind - from);
	}

	/**
	 * Whether keys of a type have distances, as far as the type tells.
	 * @param type the type of the keys
	 * @return {@code false} if they certainly have none
	 */
	public static boolean isMeasurable(Class<?> type) {
		KeyKind kind = KeyKind.ofType(type);
		return !kind.isKnown() || kind.isNumber() || isTime(type);
	}

	/**
	 * Whether keys of a type are times, which are a duration apart.
	 * @param type the type of the keys
	 * @return {@code true} if they certainly are
	 */
	public static boolean isTime(Class<?> type) {
		return KeyKind.ofType(type) == KeyKind.ofType(Instant.class) || type == LocalDate.class
				|| type == LocalDateTime.class;
	}

	@SuppressWarnings("unchecked")
	private static Comparable<Object> distance(Object less, Object greater) {
		return (Comparable<Object>) (Comparable<?>) measure(less, greater);
	}

	private static Comparable<?> measure(Object less, Object greater) {
		if (less instanceof Number a && greater instanceof Number b) {
			return Keys.exact(b).subtract(Keys.exact(a), EXACT);
		}
		return between(less, greater);
	}

	/**
	 * How far two times are apart.
	 * @param less the normal form of the one
	 * @param greater that of the other
	 * @return the time between them
	 * @throws Keys.IncomparableException if they are not times of one kind
	 */
	static Duration between(Object less, Object greater) {
		if (less instanceof Instant a && greater instanceof Instant b) {
			return Duration.between(a, b);
		}
		if (less instanceof LocalDateTime a && greater instanceof LocalDateTime b) {
			return Duration.between(a, b);
		}
		if (less instanceof LocalDate a && greater instanceof LocalDate b) {
			return Duration.ofDays(b.toEpochDay() - a.toEpochDay());
		}
		throw new Keys.IncomparableException("the keys " + KeyWords.describe(less) + " and "
				+ KeyWords.describe(greater) + " have no distance: only numbers, instants, and local dates with or "
				+ "without a time have one");
	}

	private static boolean isFloating(Object left, Object right) {
		return left instanceof Double && right instanceof Number || right instanceof Double && left instanceof Number;
	}

	private static double asDouble(Object key) {
		return ((Number) key).doubleValue();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof KeyDistance that && this.span.equals(that.span);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.span);
	}

	@Override
	public String toString() {
		return this.span.toString();
	}

}
