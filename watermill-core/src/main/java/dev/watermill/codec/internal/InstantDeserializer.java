package dev.watermill.codec.internal;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;

/**
 * Refuses a number in quotes as an instant, which Jackson takes for seconds though mostly
 * it is milliseconds, and numbers that are no instants.
 */
final class InstantDeserializer extends DelegatingDeserializer {

	private static final Set<Class<?>> TYPES = Set.of(Instant.class, OffsetDateTime.class, ZonedDateTime.class);

	private static final int MOST_CHARACTERS = 100;

	private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(Instant.MAX.getEpochSecond());

	private final Class<?> type;

	private InstantDeserializer(ValueDeserializer<?> delegate, Class<?> type) {
		super(delegate);
		this.type = type;
	}

	/**
	 * Return a deserializer for a type of instants.
	 * @param delegate what Jackson has for it
	 * @param type what it reads
	 * @return the deserializer, {@code null} if the type is another one
	 */
	static @Nullable ValueDeserializer<?> of(ValueDeserializer<?> delegate, Class<?> type) {
		return TYPES.contains(type) ? new InstantDeserializer(delegate, type) : null;
	}

	@Override
	protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> newDelegatee) {
		return new InstantDeserializer(newDelegatee, this.type);
	}

	@Override
	public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
		JsonFormat.Value format = findFormatOverrides(context, property, this.type);
		ValueDeserializer<?> delegate = context.handleSecondaryContextualization(this._delegatee, property,
				context.constructType(this.type));
		// A pattern of the user's own may well be made of digits
		return format.hasPattern() ? delegate : newDelegatingInstance(delegate);
	}

	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		if (parser.currentToken() == JsonToken.VALUE_STRING) {
			String text = parser.getString();
			if (isNumber(text)) {
				return context.handleWeirdStringValue(this.type, text, "it is a number in quotes");
			}
		}
		// Jackson makes 1970 of what is far too large
		if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT
				&& parser.getDecimalValue().abs().compareTo(MOST_SECONDS) > 0) {
			return context.handleWeirdNumberValue(this.type, parser.getNumberValue(), "it is out of range");
		}
		return this._delegatee.deserialize(parser, context);
	}

	/**
	 * Whether a text is a number, which no instant is that is written as one.
	 */
	private static boolean isNumber(String text) {
		if (text.length() > MOST_CHARACTERS) {
			return false;
		}
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character == 'T' || character == ':') {
				return false;
			}
		}
		try {
			return !text.isBlank() && new BigDecimal(text.strip()).signum() < 2;
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

}
