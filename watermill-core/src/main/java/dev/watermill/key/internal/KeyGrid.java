package dev.watermill.key.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import org.jspecify.annotations.Nullable;

/**
 * Points at regular distances along the keys of one expression: at 0, or the epoch, plus
 * an offset and any number of steps. Exact for numbers of all kinds, and for times to the
 * nanosecond. Immutable.
 *
 * @since 0.1.0
 */
public final class KeyGrid {

	private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

	private static final BigDecimal NANOS_OF_A_DAY = NANOS.multiply(BigDecimal.valueOf(86_400));

	/** Beyond it an exact number could take more memory than there is. */
	private static final int LARGEST_SCALE = 10_000;

	private final BigDecimal step;

	private final BigDecimal offset;

	/**
	 * Create a grid.
	 * @param step from each point to the next
	 * @param offset the distance of a point from 0 or the epoch
	 */
	public KeyGrid(KeySpan step, KeySpan offset) {
		this.step = exact(step);
		this.offset = exact(offset);
	}

	/**
	 * Check that spans are such as the keys of an expression have between them, as far as
	 * its type tells.
	 * @param key the expression
	 * @param spans the spans
	 * @throws IllegalArgumentException if not; the text goes on behind the name of a
	 * setting
	 */
	public static void require(KeyFunction<?> key, KeySpan... spans) {
		List<KeySpan> given = Stream.of(spans).filter((span) -> !span.equals(KeySpan.ZERO)).toList();
		given.forEach((span) -> KeyMeter.of(key, span));
		if (given.stream().anyMatch((span) -> span.number() != null)
				&& given.stream().anyMatch((span) -> span.duration() != null)) {
			throw new IllegalArgumentException("Some of " + given + " are numbers and some durations, and keys are of "
					+ "one kind. Give all of them in the unit of the key");
		}
	}

	/**
	 * Return an expression whose keys all have a place on a grid: for others the element
	 * is invalid.
	 * @param <T> the type of the elements
	 * @param key the expression
	 * @param size how far behind a point is asked for
	 * @param step the step of the grid, zero if no points are asked for
	 * @return the same expression, that checks what it answers where types do not tell
	 */
	public static <T> KeyFunction<T> checked(KeyFunction<T> key, KeySpan size, KeySpan step) {
		KeyMeter meter = KeyMeter.of(key, size);
		TimeMargin margin = step.equals(KeySpan.ZERO) ? TimeMargin.NONE : TimeMargin.of(size, step);
		if (key instanceof KeyFunction.OfDouble<T> ofDouble) {
			return KeyFunction.ofDouble(key.description(), (element) -> {
				double value = ofDouble.function().applyAsDouble(element);
				if (Double.isInfinite(value)) {
					throw new InvalidKeyException("expected a finite number, found " + value);
				}
				return value;
			});
		}
		if (key instanceof KeyFunction.OfObject<T> ofObject) {
			return KeyFunction.ofObject(key.description(), key.type(),
					(element) -> checked(ofObject.function().apply(element), meter, margin));
		}
		if (key instanceof KeyFunction.OfRecord<T> ofRecord) {
			return KeyFunction.ofRecord(key.description(), key.type(), ofRecord.facts(),
					(element, facts) -> checked(ofRecord.function().apply(element, facts), meter, margin));
		}
		return key;
	}

	private static Object checked(@Nullable Object computed, KeyMeter meter, TimeMargin margin) {
		Object key = Keys.normalize(computed);
		meter.require(key);
		if (isWithoutPlace(key)) {
			throw new InvalidKeyException("expected a finite number, found " + KeyWords.describe(key));
		}
		if (!margin.leaves(key)) {
			throw new InvalidKeyException("expected a time that is farther from the first and the last one that can be "
					+ "told, so that its windows begin and end between them, found " + KeyWords.describe(key));
		}
		return key;
	}

	private static boolean isWithoutPlace(Object key) {
		return (key instanceof Double floating && floating.isInfinite())
				|| (key instanceof BigDecimal decimal && Math.abs((long) decimal.scale()) > LARGEST_SCALE);
	}

	/**
	 * How many points there are within a span, at most.
	 * @param span the span
	 * @return the number, that of 31 bits if there are more
	 */
	public int steps(KeySpan span) {
		return exact(span).divide(this.step, 0, RoundingMode.CEILING)
			.min(BigDecimal.valueOf(Integer.MAX_VALUE))
			.intValue();
	}

	/**
	 * Return the greatest point that is not behind a key.
	 * @param key the normal form of the key
	 * @return the normal form of the point
	 */
	public Object at(Object key) {
		return key(point(position(key)), key);
	}

	/**
	 * Return the greatest point that is at least a span before a key.
	 * @param key the normal form of the key
	 * @param span the span
	 * @return the normal form of the point
	 */
	public Object at(Object key, KeySpan span) {
		return key(point(position(key).subtract(exact(span))), key);
	}

	private BigDecimal point(BigDecimal position) {
		BigInteger steps = position.subtract(this.offset).divide(this.step, 0, RoundingMode.FLOOR).toBigInteger();
		return new BigDecimal(steps).multiply(this.step).add(this.offset);
	}

	/**
	 * Return the point behind one.
	 * @param point the normal form of the point
	 * @return that of the next one
	 */
	public Object next(Object point) {
		return key(position(point).add(this.step), point);
	}

	/**
	 * Return what is a span behind a point.
	 * @param point the normal form of the point
	 * @param span the span
	 * @return the normal form of that key
	 */
	public Object behind(Object point, KeySpan span) {
		return key(position(point).add(exact(span)), point);
	}

	private static BigDecimal position(Object key) {
		if (key instanceof Instant instant) {
			return nanos(instant.getEpochSecond(), instant.getNano());
		}
		if (key instanceof LocalDateTime local) {
			return nanos(local.toEpochSecond(ZoneOffset.UTC), local.getNano());
		}
		if (key instanceof LocalDate date) {
			return BigDecimal.valueOf(date.toEpochDay()).multiply(NANOS_OF_A_DAY);
		}
		return Keys.exact((Number) key);
	}

	private static BigDecimal nanos(long seconds, int nanos) {
		return BigDecimal.valueOf(seconds).multiply(NANOS).add(BigDecimal.valueOf(nanos));
	}

	/**
	 * Return the key at a position, of the kind of another one.
	 */
	private static Object key(BigDecimal position, Object like) {
		if (like instanceof Number) {
			return number(position);
		}
		BigInteger[] parts = position.toBigInteger().divideAndRemainder(NANOS.toBigInteger());
		boolean borrows = parts[1].signum() < 0;
		BigInteger seconds = borrows ? parts[0].subtract(BigInteger.ONE) : parts[0];
		long nano = parts[1].longValue() + (borrows ? NANOS.longValue() : 0);
		if (like instanceof Instant) {
			return Instant.ofEpochSecond(seconds.longValueExact(), nano);
		}
		LocalDateTime local = LocalDateTime.ofEpochSecond(seconds.longValueExact(), (int) nano, ZoneOffset.UTC);
		return (like instanceof LocalDate) ? local.toLocalDate() : local;
	}

	private static Object number(BigDecimal position) {
		BigDecimal plain = position.stripTrailingZeros();
		boolean whole = plain.scale() <= 0 && plain.precision() - plain.scale() <= 19;
		BigInteger integer = whole ? plain.toBigIntegerExact() : BigInteger.ZERO;
		return (whole && integer.bitLength() < Long.SIZE) ? (Object) integer.longValue() : plain;
	}

	private static BigDecimal exact(KeySpan span) {
		Duration duration = span.duration();
		BigDecimal number = span.number();
		if (duration != null && !duration.isZero()) {
			return BigDecimal.valueOf(duration.getSeconds())
				.multiply(NANOS)
				.add(BigDecimal.valueOf(duration.getNano()));
		}
		return (number != null) ? number : BigDecimal.ZERO;
	}

}
