package dev.watermill.codec.internal;

import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;

/**
 * Reads {@code 1.0} and {@code 1e3} for types that hold whole numbers: arrays, optional
 * and atomic ones.
 */
final class WholeNumbersDeserializer extends DelegatingDeserializer {

	private static final Map<Class<?>, Integer> BITS = Map.of(long[].class, Long.SIZE, int[].class, Integer.SIZE,
			short[].class, Short.SIZE, OptionalLong.class, Long.SIZE, OptionalInt.class, Integer.SIZE, AtomicLong.class,
			Long.SIZE, AtomicInteger.class, Integer.SIZE);

	private final int bits;

	private WholeNumbersDeserializer(ValueDeserializer<?> delegate, int bits) {
		super(delegate);
		this.bits = bits;
	}

	/**
	 * Return a deserializer for a type that holds whole numbers.
	 * @param delegate what Jackson has for it
	 * @param type what it reads
	 * @return the deserializer, {@code null} if the type is another one
	 */
	static @Nullable ValueDeserializer<?> of(ValueDeserializer<?> delegate, Class<?> type) {
		Integer bits = BITS.get(type);
		return (bits != null) ? new WholeNumbersDeserializer(delegate, bits) : null;
	}

	@Override
	protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> newDelegatee) {
		return new WholeNumbersDeserializer(newDelegatee, this.bits);
	}

	// Jackson's deserializers answer null for JSON's null
	@SuppressWarnings("NullAway")
	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		boolean mayHaveFractions = parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT
				|| parser.currentToken() == JsonToken.START_ARRAY;
		return this._delegatee.deserialize(mayHaveFractions ? new WholeNumberParser(parser, this.bits) : parser,
				context);
	}

}
