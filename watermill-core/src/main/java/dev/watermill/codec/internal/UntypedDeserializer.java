package dev.watermill.codec.internal;

import java.util.Collection;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;

/**
 * Takes down that a number was too large, where no type says what to read: in maps and
 * lists of objects.
 */
final class UntypedDeserializer extends DelegatingDeserializer {

	UntypedDeserializer(ValueDeserializer<?> delegate) {
		super(delegate);
	}

	@Override
	protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> newDelegatee) {
		return new UntypedDeserializer(newDelegatee);
	}

	// Jackson's deserializers answer null for JSON's null
	@SuppressWarnings("NullAway")
	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		Object value = this._delegatee.deserialize(parser, context);
		Double infinite = infinite(value);
		if (infinite != null && context.getAttribute(InexactNumbers.class) instanceof InexactNumbers numbers) {
			numbers.add(infinite, "a number");
		}
		return value;
	}

	private static @Nullable Double infinite(@Nullable Object value) {
		if (value instanceof Double number) {
			return number.isInfinite() ? number : null;
		}
		Collection<?> items = (value instanceof Map<?, ?> map) ? map.values()
				: (value instanceof Collection<?> list) ? list : null;
		if (items != null) {
			for (Object item : items) {
				Double infinite = infinite(item);
				if (infinite != null) {
					return infinite;
				}
			}
		}
		return null;
	}

}
