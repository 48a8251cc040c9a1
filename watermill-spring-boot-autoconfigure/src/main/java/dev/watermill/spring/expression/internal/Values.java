package dev.watermill.spring.expression.internal;

import java.lang.reflect.Member;
import java.util.AbstractList;
import java.util.Optional;

import dev.watermill.key.InvalidKeyException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.POJONode;

/**
 * Brings values whose type was not known at start to the few forms that operators work
 * on: {@code Long} for whole numbers of up to 64 bits, {@code Double} for {@code float},
 * and plain Java values for JSON.
 */
final class Values {

	private Values() {
	}

	static @Nullable Object read(@Nullable Object value) {
		if (value instanceof JsonNode node) {
			return fromJson(node);
		}
		if (value instanceof Class || value instanceof ClassLoader || value instanceof Member) {
			throw new InvalidKeyException("expressions work on data, not on " + value);
		}
		return widen(value);
	}

	static @Nullable Object widen(@Nullable Object value) {
		if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
			return ((Number) value).longValue();
		}
		return (value instanceof Float number) ? (Object) number.doubleValue() : value;
	}

	private static @Nullable Object fromJson(JsonNode node) {
		return switch (node.getNodeType()) {
			case NULL, MISSING -> null;
			case STRING -> node.stringValue();
			case NUMBER -> widen(node.numberValue());
			case BOOLEAN -> node.booleanValue();
			case ARRAY -> new JsonList(node);
			case POJO -> read(((POJONode) node).getPojo());
			case OBJECT, BINARY -> node;
		};
	}

	static @Nullable Object unwrapOptional(@Nullable Object value) {
		return (value instanceof Optional<?> optional) ? optional.orElse(null) : value;
	}

	static boolean isText(@Nullable Object value) {
		return value instanceof CharSequence || value instanceof Character;
	}

	/**
	 * The items of a JSON array, read when they are asked for.
	 */
	private static final class JsonList extends AbstractList<@Nullable Object> {

		private final JsonNode array;

		private JsonList(JsonNode array) {
			this.array = array;
		}

		@Override
		public @Nullable Object get(int index) {
			return read(this.array.get(index));
		}

		@Override
		public int size() {
			return this.array.size();
		}

	}

}
