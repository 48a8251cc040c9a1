package dev.watermill.codec.internal;

import java.math.BigDecimal;
import java.math.BigInteger;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;

/**
 * Takes down the numbers that floating point has no room for: whole numbers that it may
 * round, and what is too large for it at all.
 */
final class FloatingDeserializer extends DelegatingDeserializer {

	private static final double MOST_EXACT_DOUBLE = 1L << 53;

	private static final double MOST_EXACT_FLOAT = 1 << 24;

	private final double mostExact;

	private FloatingDeserializer(ValueDeserializer<?> delegate, double mostExact) {
		super(delegate);
		this.mostExact = mostExact;
	}

	/**
	 * Return a deserializer for a type of floating point.
	 * @param delegate what Jackson has for it
	 * @param type what it reads
	 * @return the deserializer, {@code null} if the type is another one
	 */
	static @Nullable ValueDeserializer<?> of(ValueDeserializer<?> delegate, Class<?> type) {
		if (type == double.class || type == Double.class) {
			return new FloatingDeserializer(delegate, MOST_EXACT_DOUBLE);
		}
		return (type == float.class || type == Float.class) ? new FloatingDeserializer(delegate, MOST_EXACT_FLOAT)
				: null;
	}

	@Override
	protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> newDelegatee) {
		return new FloatingDeserializer(newDelegatee, this.mostExact);
	}

	// Jackson's deserializers answer null for JSON's null
	@SuppressWarnings("NullAway")
	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		JsonToken token = parser.currentToken();
		Object value = this._delegatee.deserialize(parser, context);
		if (value instanceof Number number && token != null && token.isNumeric()) {
			double floating = number.doubleValue();
			if (Math.abs(floating) >= this.mostExact && isLost(parser, token, floating)
					&& context.getAttribute(InexactNumbers.class) instanceof InexactNumbers numbers) {
				numbers.add(floating, parser.getString());
			}
		}
		return value;
	}

	private boolean isLost(JsonParser parser, JsonToken token, double value) {
		if (Double.isInfinite(value)) {
			return true;
		}
		// As a fraction or with an exponent a number says that it is floating point
		if (token != JsonToken.VALUE_NUMBER_INT) {
			return false;
		}
		BigInteger written = parser.getBigIntegerValue();
		return (this.mostExact == MOST_EXACT_DOUBLE)
				? written.abs().compareTo(BigInteger.valueOf((long) MOST_EXACT_DOUBLE)) > 0
				: !written.equals(new BigDecimal(value).toBigInteger());
	}

}
