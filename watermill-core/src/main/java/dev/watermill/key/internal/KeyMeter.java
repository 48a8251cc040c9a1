package dev.watermill.key.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import org.jspecify.annotations.Nullable;

/**
 * Measures how far two keys of one expression are from each other against a distance:
 * whole numbers and decimals exactly, floating point in double, times to the nanosecond.
 * Immutable.
 *
 * @since 0.1.0
 */
public abstract sealed class KeyMeter {

	/** Beyond it an exact difference could take more memory than there is. */
	private static final int LARGEST_SCALE = 10_000;

	private static final Set<Class<?>> TIMES = Set.of(Instant.class, LocalDate.class, LocalDateTime.class);

	private KeyMeter() {
	}

	/**
	 * Return a meter.
	 * @param key the expression of the keys
	 * @param distance what they are measured against
	 * @return the meter
	 * @throws IllegalArgumentException if such keys can't be measured so, as far as their
	 * type tells; the text goes on behind the name of a setting
	 */
	public static KeyMeter of(KeyFunction<?> key, KeySpan distance) {
		KeyKind kind = KeyKind.ofType(key.type());
		boolean number = kind.comparesWith(KeyKind.ofType(long.class));
		boolean time = false;
		for (Class<?> type : TIMES) {
			time |= kind.comparesWith(KeyKind.ofType(type));
		}
		String found = "'" + key.description() + "' is " + kind;
		if (!number && !time) {
			throw new IllegalArgumentException(found + ", and nothing says how far two of those are from each other. "
					+ "Choose a key that is a number, an instant, or a local date with or without a time.");
		}
		if (number && distance.number() != null) {
			return new OfNumbers(distance.number(), key instanceof KeyFunction.OfDouble);
		}
		Duration duration = distance.duration();
		if (!time || duration == null) {
			throw new IllegalArgumentException(found + ", but " + distance
					+ ((duration != null) ? " is a time. Give a number in the units of the key."
							: " is a number. Give a time with its unit, such as 30s."));
		}
		if (key.type() == LocalDate.class) {
			requireDays(duration);
		}
		return new OfTimes(duration);
	}

	private static void requireDays(Duration duration) {
		if (!duration.equals(Duration.ofDays(duration.toDays()))) {
			throw new IllegalArgumentException(
					"Local dates are whole days from each other, but " + duration + " is no number of whole days");
		}
	}

	/**
	 * Compare the difference of two keys with the distance.
	 * @param greater the normal form of the one key
	 * @param lesser that of the other, which is not greater
	 * @return a negative number if they are less apart, zero if exactly so much, a
	 * positive number if they are farther
	 */
	public abstract int compare(Object greater, Object lesser);

	/**
	 * Compare the difference of two keys that are kept as {@code long}s with the
	 * distance.
	 * @param greater the one key as {@link KeyColumn} keeps it, or its exact rank
	 * @param lesser the other key, which is not greater
	 * @return as {@link #compare(Object, Object)}
	 */
	public abstract int compare(long greater, long lesser);

	/**
	 * How far two keys that are kept as {@code long}s are apart, roughly and for people.
	 * @param greater the one key as {@link KeyColumn} keeps it, or its exact rank
	 * @param lesser the other key
	 * @return as {@link #between(Object, Object)}
	 */
	public abstract double between(long greater, long lesser);

	/**
	 * How far two keys are apart, roughly and for people.
	 * @param greater the normal form of the one key
	 * @param lesser that of the other
	 * @return the difference in the units of the keys, of times in seconds
	 */
	public abstract double between(Object greater, Object lesser);

	/**
	 * Return a {@code long} of nearly the order of the keys: that of a key is never
	 * greater than that of a greater one, and equal keys have equal ones.
	 * @param key the normal form of a key that can be {@linkplain #require measured}
	 * @return its rank
	 */
	public abstract long rank(Object key);

	/**
	 * Whether a rank says all of its key, so that ranks of this kind compare as keys do,
	 * and {@link #compare(long, long)} measures them.
	 * @param rank the rank of a key
	 * @return {@code false} if keys of the same rank may differ
	 */
	public abstract boolean isExact(long rank);

	/**
	 * Check that a key is of a kind that can be measured.
	 * @param key the normal form of the key
	 * @throws InvalidKeyException if it is not
	 */
	public abstract void require(Object key);

	private static final class OfNumbers extends KeyMeter {

		private final BigDecimal distance;

		private final double floating;

		/** Whether keys that are kept as longs are floating point. */
		private final boolean areFloating;

		/** The greatest whole number that is not greater, as far as it has 64 bits. */
		private final long whole;

		/** What a difference of so much, and of more than 64 bits can show, compares. */
		private final int atWhole;

		private final boolean isBeyond;

		OfNumbers(BigDecimal distance, boolean areFloating) {
			this.areFloating = areFloating;
			this.distance = distance;
			this.floating = distance.doubleValue();
			this.isBeyond = distance.compareTo(KeyDistance.MOST) > 0;
			BigDecimal floor = this.isBeyond ? BigDecimal.ZERO : distance.setScale(0, RoundingMode.FLOOR);
			this.whole = floor.toBigInteger().longValue();
			this.atWhole = (floor.compareTo(distance) == 0) ? 0 : -1;
		}

		@Override
		public int compare(long greater, long lesser) {
			if (this.areFloating) {
				return Double.compare(between(greater, lesser), this.floating);
			}
			return compareWhole(greater, lesser);
		}

		private int compareWhole(long greater, long lesser) {
			if (this.isBeyond) {
				return -1;
			}
			int comparison = Long.compareUnsigned(greater - lesser, this.whole);
			return (comparison != 0) ? comparison : this.atWhole;
		}

		@Override
		public int compare(Object greater, Object lesser) {
			if (greater instanceof Long a && lesser instanceof Long b) {
				return compareWhole(a, b);
			}
			BigDecimal difference = exactBetween(greater, lesser);
			return (difference != null) ? difference.compareTo(this.distance)
					: Double.compare(between(greater, lesser), this.floating);
		}

		private static @Nullable BigDecimal exactBetween(Object greater, Object lesser) {
			BigDecimal a = exact(greater);
			BigDecimal b = exact(lesser);
			return (a != null && b != null) ? a.subtract(b) : null;
		}

		private static @Nullable BigDecimal exact(Object key) {
			if (key instanceof BigDecimal decimal) {
				return (Math.abs((long) decimal.scale()) <= LARGEST_SCALE) ? decimal : null;
			}
			return (key instanceof Long whole) ? BigDecimal.valueOf(whole) : null;
		}

		@Override
		public double between(Object greater, Object lesser) {
			return difference(((Number) greater).doubleValue(), ((Number) lesser).doubleValue());
		}

		@Override
		public double between(long greater, long lesser) {
			return this.areFloating ? difference(KeyColumn.decodeFloating(greater), KeyColumn.decodeFloating(lesser))
					: (double) greater - lesser;
		}

		private static double difference(double greater, double lesser) {
			// two infinities are no distance from each other
			return (greater == lesser) ? 0 : greater - lesser;
		}

		@Override
		public long rank(Object key) {
			return KeyColumn.encode(((Number) key).doubleValue());
		}

		@Override
		public boolean isExact(long rank) {
			return false;
		}

		@Override
		public void require(Object key) {
			if (!(key instanceof Long) && !(key instanceof Double) && !(key instanceof BigDecimal)) {
				throw new InvalidKeyException("expected a number, found " + KeyWords.describe(key));
			}
		}

	}

	/**
	 * Ranks of times are nanoseconds, as far as 64 bits go.
	 */
	private static final class OfTimes extends KeyMeter {

		private static final long SECOND = 1_000_000_000;

		/** Seconds whose nanoseconds have 64 bits. */
		private static final long MOST_SECONDS = Long.MAX_VALUE / SECOND - 1;

		private static final BigInteger MOST = BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

		private final Duration distance;

		/** The distance as an unsigned number. */
		private final long nanos;

		private final boolean isBeyond;

		OfTimes(Duration distance) {
			this.distance = distance;
			BigInteger exact = BigInteger.valueOf(distance.getSeconds())
				.multiply(BigInteger.valueOf(SECOND))
				.add(BigInteger.valueOf(distance.getNano()));
			this.isBeyond = exact.compareTo(MOST) > 0;
			this.nanos = exact.longValue();
		}

		@Override
		public int compare(long greater, long lesser) {
			return this.isBeyond ? -1 : Long.compareUnsigned(greater - lesser, this.nanos);
		}

		@Override
		public double between(long greater, long lesser) {
			return ((double) greater - lesser) / SECOND;
		}

		@Override
		public long rank(Object key) {
			if (key instanceof Instant instant) {
				return rank(instant.getEpochSecond(), instant.getNano());
			}
			if (key instanceof LocalDateTime time) {
				return rank(time.toEpochSecond(ZoneOffset.UTC), time.getNano());
			}
			return rank(((LocalDate) key).toEpochDay() * TimeUnit.DAYS.toSeconds(1), 0);
		}

		private static long rank(long seconds, int nano) {
			if (seconds > MOST_SECONDS) {
				return Long.MAX_VALUE;
			}
			return (seconds < -MOST_SECONDS) ? Long.MIN_VALUE : seconds * SECOND + nano;
		}

		@Override
		public boolean isExact(long rank) {
			return rank != Long.MAX_VALUE && rank != Long.MIN_VALUE;
		}

		@Override
		public int compare(Object greater, Object lesser) {
			return KeyDistance.between(lesser, greater).compareTo(this.distance);
		}

		@Override
		public double between(Object greater, Object lesser) {
			Duration duration = KeyDistance.between(lesser, greater);
			return duration.getSeconds() + duration.getNano() / 1e9;
		}

		@Override
		public void require(Object key) {
			if (!TIMES.contains(key.getClass())) {
				throw new InvalidKeyException(
						"expected an instant, or a local date with or without a time, found " + KeyWords.describe(key));
			}
		}

	}

}
