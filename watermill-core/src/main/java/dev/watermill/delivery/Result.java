package dev.watermill.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A result with what is to be known of it besides its value: the key, the headers and the
 * time of its record. A function may return it wherever it may return the value alone.
 * Brokers whose elements are nothing but their values, files for one, write the value.
 * Immutable.
 *
 * @param <R> the type of the value
 * @param value the value
 * @param key the key of the record, {@code null} for the one the output stream is
 * configured with, if any
 * @param timestamp the time of the record, {@code null} for the time of writing
 * @param headers the headers of the record, by name; those that trace a request are
 * handed on from the master's record where none of the same name is here
 * @since 0.1.0
 */
public record Result<R>(R value, @Nullable Object key, @Nullable Instant timestamp, Map<String, byte[]> headers) {

	/**
	 * Create a result.
	 * @param value the value
	 * @param key the key of the record
	 * @param timestamp the time of the record
	 * @param headers the headers of the record, by name
	 */
	public Result {
		headers = Map.copyOf(headers);
	}

	/**
	 * Return a result that is its value so far.
	 * @param <R> the type of the value
	 * @param value the value
	 * @return the result
	 */
	public static <R> Result<R> of(R value) {
		return new Result<>(value, null, null, Map.of());
	}

	/**
	 * Return this result with a key.
	 * @param newKey the key: a text, a number, or another value that can be a join key
	 * @return a new result
	 */
	public Result<R> withKey(Object newKey) {
		return new Result<>(this.value, newKey, this.timestamp, this.headers);
	}

	/**
	 * Return this result with the time of its record.
	 * @param time the time. A topic deletes records by their age, so those of old times
	 * may be gone at once
	 * @return a new result
	 */
	public Result<R> withTimestamp(Instant time) {
		return new Result<>(this.value, this.key, time, this.headers);
	}

	/**
	 * Return this result with another header.
	 * @param name the name of the header
	 * @param header its value
	 * @return a new result
	 */
	public Result<R> withHeader(String name, byte[] header) {
		Map<String, byte[]> copy = new LinkedHashMap<>(this.headers);
		copy.put(name, header);
		return new Result<>(this.value, this.key, this.timestamp, copy);
	}

	/**
	 * Return this result with another header that is a text.
	 * @param name the name of the header
	 * @param header its value, written as UTF-8
	 * @return a new result
	 */
	public Result<R> withHeader(String name, String header) {
		return withHeader(name, header.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * The form in which a processing function answers.
	 */
	public enum Shape {

		/**
		 * Nothing.
		 */
		NONE,

		/**
		 * One result or {@code null}.
		 */
		SINGLE,

		/**
		 * An {@link java.util.Optional}.
		 */
		OPTIONAL,

		/**
		 * An {@link Iterable}, such as a list.
		 */
		ITERABLE,

		/**
		 * An {@link java.util.Iterator}.
		 */
		ITERATOR,

		/**
		 * A {@link java.util.stream.Stream}, consumed lazily and closed.
		 */
		STREAM,

		/**
		 * Any of them, which is seen from the answer itself.
		 */
		ANY

	}

}
