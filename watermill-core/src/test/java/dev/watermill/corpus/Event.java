package dev.watermill.corpus;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * An element with a field of everything that can be wrong.
 *
 * @param time the key
 */
public record Event(long time, @Nullable String v, @Nullable Double x, @Nullable Integer small, @Nullable Boolean flag,
		@Nullable Color color, @Nullable Instant at, @Nullable LocalDate day, @Nullable UUID id,
		@Nullable Duration took, @Nullable List<Integer> list, @Nullable Map<String, Integer> counts,
		@Nullable Nested nested, @Nullable Shape shape, byte @Nullable [] bytes, @Nullable Object any) {

	/**
	 * Create an event.
	 */
	public Event {
		if ("refused".equals(v)) {
			throw new IllegalArgumentException("expected another text");
		}
	}

	/**
	 * An enum.
	 */
	public enum Color {

		/** The first. */
		RED,

		/** The second. */
		GREEN

	}

	/**
	 * An object.
	 *
	 * @param id a number
	 */
	public record Nested(long id) {

	}

	/**
	 * Something of several kinds.
	 */
	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
	@JsonSubTypes(@JsonSubTypes.Type(name = "circle", value = Circle.class))
	public sealed interface Shape permits Circle {

	}

	/**
	 * The only kind.
	 *
	 * @param radius a number
	 */
	public record Circle(int radius) implements Shape {

	}

}
