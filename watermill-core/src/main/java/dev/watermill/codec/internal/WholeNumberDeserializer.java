package dev.watermill.codec.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;

/**
 * Reads {@code 1.0} and {@code 1e3} as the whole numbers that they are, exactly. A real
 * fraction is left to Jackson, which refuses it.
 */
final class WholeNumberDeserializer extends DelegatingDeserializer {

	/** More digits than any number has that a stream of JSON may hold. */
	private static final int MOST_DIGITS = 1000;

	private static final Map<Class<?>, Function<BigInteger, Object>> TYPES = Map.of(Long.class,
			BigInteger::longValueExact, long.class, BigInteger::longValueExact, Integer.class,
			BigInteger::intValueExact, int.class, BigInteger::intValueExact, Short.class, BigInteger::shortValueExact,
			short.class, BigInteger::shortValueExact, Byte.class, BigInteger::byteValueExact, byte.class,
			BigInteger::byteValueExact, BigInteger.class, (value) -> value);

	private final Class<?> type;

	private final Function<BigInteger, Object> conversion;

	private WholeNumberDeserializer(ValueDeserializer<?> delegate, Class<?> type,
			Function<BigInteger, Object> conversion) {
		super(delegate);
		this.type = type;
		this.conversion = conversion;
	}

	/**
	 * Return a deserializer for a type of whole numbers.
	 * @param delegate what Jackson has for it
	 * @param type what it reads
	 * @return the deserializer, {@code null} if the type is another one
	 */
	static @Nullable ValueDeserializer<?> of(ValueDeserializer<?> delegate, Class<?> type) {
		Function<BigInteger, Object> conversion = TYPES.get(type);
		return (conversion != null) ? new WholeNumberDeserializer(delegate, type, conversion) : null;
	}

	@Override
	protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> newDelegatee) {
		return new WholeNumberDeserializer(newDelegatee, this.type, this.conversion);
	}

	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		if (parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
			return this._delegatee.deserialize(parser, context);
		}
		BigDecimal value = parser.getDecimalValue();
		boolean huge = value.signum() != 0 && (long) value.precision() - value.scale() > MOST_DIGITS;
		if (!huge && value.stripTrailingZeros().scale() > 0) {
			return this._delegatee.deserialize(parser, context);
		}
		try {
			if (!huge) {
				return this.conversion.apply(value.toBigIntegerExact());
			}
		}
		catch (ArithmeticException ex) {
			// More bits than the type has
		}
		return context.handleWeirdNumberValue(this.type, value, "it does not fit");
	}

}
