package dev.watermill.stream;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a stream is to be taken up again: a small structured value of named fields, each
 * a whole number or a text. Which fields there are is the broker's own business; everyone
 * else keeps a position and hands it back.
 * <p>
 * Its text form is a JSON object, so it fits into a checkpoint as well as into the
 * metadata of a Kafka offset. Immutable.
 *
 * @since 0.1.0
 */
public final class Position {

	private static final JsonMapper JSON = new JsonMapper();

	private static final Position START = new Position(Map.of());

	private final Map<String, Object> fields;

	private Position(Map<String, Object> fields) {
		this.fields = fields;
	}

	/**
	 * Return a position without any field.
	 * @return the position
	 */
	public static Position empty() {
		return START;
	}

	/**
	 * Return a position of one field.
	 * @param field the name of the field
	 * @param value its value
	 * @return the position
	 */
	public static Position of(String field, long value) {
		return START.with(field, value);
	}

	/**
	 * Return a position of several fields.
	 * @param fields whole numbers, as {@link Long}s, and texts by the names of the fields
	 * @return the position
	 * @throws IllegalArgumentException if a value is neither
	 */
	public static Position of(Map<String, ?> fields) {
		Map<String, Object> copy = new LinkedHashMap<>(fields);
		copy.forEach((field, value) -> {
			if (!(value instanceof Long) && !(value instanceof String)) {
				throw new IllegalArgumentException("The field '" + field + "' of a position can't be " + value);
			}
		});
		return copy.isEmpty() ? START : new Position(copy);
	}

	/**
	 * Read the text form of a position.
	 * @param text what {@link #toString()} returned
	 * @return the position
	 * @throws IllegalArgumentException if the text is not a position
	 */
	public static Position parse(String text) {
		try {
			@Nullable Map<String, Object> fields = JSON.readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {
			});
			if (fields == null || fields.containsValue(null)) {
				throw new IllegalArgumentException("Not the text of a position: " + text);
			}
			fields.replaceAll(Position::checked);
			return new Position(fields);
		}
		catch (JacksonException | ClassCastException ex) {
			throw new IllegalArgumentException("Not the text of a position: " + text, ex);
		}
	}

	private static Object checked(String field, Object value) {
		if (value instanceof Integer || value instanceof Long) {
			return ((Number) value).longValue();
		}
		return (String) value;
	}

	/**
	 * Return this position with another field.
	 * @param field the name of the field
	 * @param value its value
	 * @return a new position
	 */
	public Position with(String field, long value) {
		return copyWith(field, value);
	}

	/**
	 * Return this position with another field.
	 * @param field the name of the field
	 * @param value its value
	 * @return a new position
	 */
	public Position with(String field, String value) {
		return copyWith(field, value);
	}

	private Position copyWith(String field, Object value) {
		Map<String, Object> copy = new LinkedHashMap<>(this.fields);
		copy.put(field, value);
		return new Position(copy);
	}

	/**
	 * Return this position without some of its fields.
	 * @param prefix with what the names of these fields begin
	 * @return a position, this one if it has no such field
	 */
	public Position without(String prefix) {
		Map<String, Object> copy = new LinkedHashMap<>(this.fields);
		boolean changed = copy.keySet().removeIf((field) -> field.startsWith(prefix));
		return !changed ? this : copy.isEmpty() ? START : new Position(copy);
	}

	/**
	 * Return a field that is a number.
	 * @param field the name of the field
	 * @return its value
	 * @throws IllegalArgumentException if there is no such field or it is a text
	 */
	public long number(String field) {
		if (this.fields.get(field) instanceof Long value) {
			return value;
		}
		throw new IllegalArgumentException("The position " + this + " has no number '" + field + "'");
	}

	/**
	 * Return a field that counts something, such as the elements before the position.
	 * @param field the name of the field
	 * @return its value, not negative
	 * @throws IllegalArgumentException if there is no such field, or it counts nothing
	 */
	public long count(String field) {
		long value = number(field);
		if (value < 0) {
			throw new IllegalArgumentException("The position " + this + " has a negative '" + field + "'");
		}
		return value;
	}

	/**
	 * Return a field that is a text.
	 * @param field the name of the field
	 * @return its value, {@code null} if there is no such field
	 */
	public @Nullable String text(String field) {
		return (this.fields.get(field) instanceof String value) ? value : null;
	}

	/**
	 * Whether there is a field of this name.
	 * @param field the name of the field
	 * @return {@code true} if there is
	 */
	public boolean has(String field) {
		return this.fields.containsKey(field);
	}

	/**
	 * Return all fields in the order they were given.
	 * @return an unmodifiable map, each value a {@link Long} or a {@link String}
	 */
	public Map<String, Object> fields() {
		return Collections.unmodifiableMap(this.fields);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Position position && this.fields.equals(position.fields);
	}

	@Override
	public int hashCode() {
		return Objects.hashCode(this.fields);
	}

	@Override
	public String toString() {
		return JSON.writeValueAsString(this.fields);
	}

}
