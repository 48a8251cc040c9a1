package dev.watermill.key;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * How far two keys may be apart: a number in the unit of number keys, or a duration for
 * keys of time. Immutable.
 *
 * @since 0.1.0
 */
public final class KeySpan {

	/**
	 * Not apart at all, for keys of either kind.
	 */
	public static final KeySpan ZERO = new KeySpan(BigDecimal.ZERO, Duration.ZERO);

	/** How many digits a number has at most before or behind the point, be they zeros. */
	private static final int MOST_DIGITS = 1000;

	private final @Nullable BigDecimal number;

	private final @Nullable Duration duration;

	private KeySpan(@Nullable BigDecimal number, @Nullable Duration duration) {
		this.number = number;
		this.duration = duration;
	}

	/**
	 * Return a span between number keys.
	 * @param number how far in the unit of the keys, at least 0
	 * @return the span
	 * @throws IllegalArgumentException if it is negative, infinite or not a number
	 */
	public static KeySpan of(Number number) {
		if (number instanceof Double || number instanceof Float) {
			double floating = number.doubleValue();
			if (Double.isNaN(floating) || Double.isInfinite(floating)) {
				throw new IllegalArgumentException("A distance between keys can't be " + floating);
			}
		}
		BigDecimal exact = (number instanceof BigDecimal decimal) ? decimal : new BigDecimal(number.toString());
		if (Math.abs((long) exact.scale()) > MOST_DIGITS) {
			throw new IllegalArgumentException("A distance between keys can't have as many digits as " + number);
		}
		if (exact.signum() < 0) {
			throw new IllegalArgumentException("A distance between keys can't be negative, as " + number + " is");
		}
		return (exact.signum() == 0) ? ZERO : new KeySpan(exact, null);
	}

	/**
	 * Return a span between keys of time.
	 * @param duration how long, at least 0
	 * @return the span
	 * @throws IllegalArgumentException if it is negative
	 */
	public static KeySpan of(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("A distance between keys can't be negative, as " + duration + " is");
		}
		return duration.isZero() ? ZERO : new KeySpan(null, duration);
	}

	/**
	 * The span as a number.
	 * @return the number, {@code null} if it is a duration
	 */
	public @Nullable BigDecimal number() {
		return this.number;
	}

	/**
	 * The span as a duration.
	 * @return the duration, {@code null} if it is a number
	 */
	public @Nullable Duration duration() {
		return this.duration;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof KeySpan that && Objects.equals(this.duration, that.duration)
				&& ((this.number == null || that.number == null) ? this.number == that.number
						: this.number.compareTo(that.number) == 0);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.duration, (this.number != null) ? this.number.stripTrailingZeros() : null);
	}

	@Override
	public String toString() {
		return (this.number != null) ? this.number.toPlainString() : String.valueOf(this.duration);
	}

}
