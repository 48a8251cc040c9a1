package dev.watermill.spring.expression.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

import org.jspecify.annotations.Nullable;

/**
 * The functions that make of a text what it stands for. They take the thing itself, too,
 * so that it does not matter how a producer writes it.
 */
enum Conversion {

	LONG("#long", "a whole number of 64 bits") {
		@Override
		@Nullable Object convert(Object value) {
			BigInteger whole = whole(value);
			return (whole != null && whole.bitLength() < Long.SIZE) ? (Object) whole.longValue() : null;
		}
	},

	DECIMAL("#decimal", "a number") {
		@Override
		@Nullable Object convert(Object value) {
			return decimal(value);
		}
	},

	INSTANT("#instant", "a time with its offset, or the milliseconds since 1970") {
		@Override
		@Nullable Object convert(Object value) {
			Instant instant = instant(value);
			if (instant != null) {
				return instant;
			}
			BigInteger millis = whole(value);
			if (millis != null) {
				return (millis.bitLength() < Long.SIZE) ? Instant.ofEpochMilli(millis.longValue()) : null;
			}
			return (Values.isText(value)) ? parse(value.toString().strip()) : null;
		}

		@Override
		boolean takes(Class<?> type) {
			return super.takes(type) || type == Instant.class || type == OffsetDateTime.class
					|| type == ZonedDateTime.class;
		}
	};

	private static final int MOST_DIGITS = 1000;

	private final String symbol;

	private final String expected;

	Conversion(String symbol, String expected) {
		this.symbol = symbol;
		this.expected = expected;
	}

	String symbol() {
		return this.symbol;
	}

	String expected() {
		return this.expected;
	}

	/**
	 * Convert a value.
	 * @param value a value as operators work on
	 * @return the result, {@code null} if there is none
	 */
	abstract @Nullable Object convert(Object value);

	/**
	 * Whether a value of a type can be converted, as far as the type says.
	 * @param type the type of an operand
	 * @return {@code false} if none can
	 */
	boolean takes(Class<?> type) {
		OperandKind kind = OperandKind.of(type);
		return kind != OperandKind.OTHER && kind != OperandKind.NULL;
	}

	private static @Nullable BigInteger whole(Object value) {
		if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
			return BigInteger.valueOf(((Number) value).longValue());
		}
		if (value instanceof BigInteger number) {
			return number;
		}
		BigDecimal decimal = decimal(value);
		if (decimal == null || (long) decimal.precision() - decimal.scale() > MOST_DIGITS) {
			return null;
		}
		return (decimal.signum() == 0) ? BigInteger.ZERO
				: ((decimal.stripTrailingZeros().scale() <= 0) ? decimal.toBigIntegerExact() : null);
	}

	private static @Nullable BigDecimal decimal(Object value) {
		if (value instanceof BigDecimal number) {
			return number;
		}
		if (value instanceof BigInteger number) {
			return new BigDecimal(number);
		}
		if (value instanceof Double || value instanceof Float) {
			double number = ((Number) value).doubleValue();
			return (Double.isNaN(number) || Double.isInfinite(number)) ? null : new BigDecimal(number);
		}
		if (value instanceof Number number) {
			return BigDecimal.valueOf(number.longValue());
		}
		try {
			String text = Values.isText(value) ? value.toString().strip() : "";
			return (text.isEmpty() || text.length() > MOST_DIGITS) ? null : new BigDecimal(text);
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private static @Nullable Instant instant(Object value) {
		if (value instanceof OffsetDateTime time) {
			return time.toInstant();
		}
		if (value instanceof ZonedDateTime time) {
			return time.toInstant();
		}
		return (value instanceof Instant instant) ? instant : null;
	}

	private static @Nullable Instant parse(String text) {
		try {
			return DateTimeFormatter.ISO_ZONED_DATE_TIME.parse(text, Instant::from);
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

}
