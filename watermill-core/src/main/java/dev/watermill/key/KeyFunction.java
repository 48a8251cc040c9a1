package dev.watermill.key;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import dev.watermill.stream.RecordFact;
import dev.watermill.stream.RecordFacts;

/**
 * How a key is computed from an element. Whole numbers and floating point have forms of
 * their own, which cost no boxing; everything else is an {@link OfObject object}. A key
 * may also be computed of {@linkplain OfRecord what the broker knows} of an element.
 * <p>
 * A function answers the same key for the same element whenever it is asked, and may
 * throw: the element is invalid then. Functions are called by one thread at a time for
 * each stream, but by several threads for several lanes.
 *
 * @param <T> the type of the element
 * @since 0.1.0
 */
public sealed interface KeyFunction<T> {

	/**
	 * The key as its author wrote it, for messages.
	 * @return an expression such as {@code time + 10}
	 */
	String description();

	/**
	 * The type of the keys as far as it is known at start.
	 * @return {@code long.class}, {@code double.class}, the type of an object, or
	 * {@code Object.class} if it is not known
	 */
	Class<?> type();

	/**
	 * Return a key that is a whole number of at most 64 bits.
	 * @param <T> the type of the element
	 * @param description the key as its author wrote it
	 * @param function computes the key
	 * @return the key function
	 */
	static <T> KeyFunction<T> ofLong(String description, ToLongFunction<? super T> function) {
		return new OfLong<>(description, function);
	}

	/**
	 * Return a key that is a floating point number.
	 * @param <T> the type of the element
	 * @param description the key as its author wrote it
	 * @param function computes the key
	 * @return the key function
	 */
	static <T> KeyFunction<T> ofDouble(String description, ToDoubleFunction<? super T> function) {
		return new OfDouble<>(description, function);
	}

	/**
	 * Return a key of another type.
	 * @param <T> the type of the element
	 * @param description the key as its author wrote it
	 * @param type the type of the keys, {@code Object.class} if it is not known
	 * @param function computes the key
	 * @return the key function
	 */
	static <T> KeyFunction<T> ofObject(String description, Class<?> type, Function<? super T, ?> function) {
		return new OfObject<>(description, type, function);
	}

	/**
	 * Return a key that is computed of an element and of what the broker knows of its
	 * record besides. Only streams whose records have that can have such keys: a topic,
	 * but no file.
	 * @param <T> the type of the element
	 * @param description the key as its author wrote it
	 * @param type the type of the keys, {@code Object.class} if it is not known
	 * @param facts what of the record it is computed of
	 * @param function computes the key
	 * @return the key function
	 */
	static <T> KeyFunction<T> ofRecord(String description, Class<?> type, Set<RecordFact> facts,
			BiFunction<? super T, RecordFacts, ?> function) {
		return new OfRecord<>(description, type, facts, function);
	}

	/**
	 * A key that is a whole number.
	 *
	 * @param <T> the type of the element
	 * @param description the key as its author wrote it
	 * @param function computes the key
	 */
	record OfLong<T>(String description, ToLongFunction<? super T> function) implements KeyFunction<T> {

		@Override
		public Class<?> type() {
			return long.class;
		}

	}

	/**
	 * A key that is a floating point number.
	 *
	 * @param <T> the type of the element
	 * @param description the key as its author wrote it
	 * @param function computes the key
	 */
	record OfDouble<T>(String description, ToDoubleFunction<? super T> function) implements KeyFunction<T> {

		@Override
		public Class<?> type() {
			return double.class;
		}

	}

	/**
	 * A key of any other type.
	 *
	 * @param <T> the type of the element
	 * @param description the key as its author wrote it
	 * @param type the type of the keys, {@code Object.class} if it is not known
	 * @param function computes the key
	 */
	record OfObject<T>(String description, Class<?> type, Function<? super T, ?> function) implements KeyFunction<T> {

	}

	/**
	 * A key that is computed of more than the element.
	 *
	 * @param <T> the type of the element
	 * @param description the key as its author wrote it
	 * @param type the type of the keys, {@code Object.class} if it is not known
	 * @param facts what of the record it is computed of
	 * @param function computes the key
	 */
	record OfRecord<T>(String description, Class<?> type, Set<RecordFact> facts,
			BiFunction<? super T, RecordFacts, ?> function) implements KeyFunction<T> {

		/**
		 * Create a key.
		 */
		public OfRecord {
			Set<RecordFact> copy = EnumSet.noneOf(RecordFact.class);
			copy.addAll(facts);
			facts = Collections.unmodifiableSet(copy);
		}

	}

}
