package dev.watermill.join.internal;

import java.util.function.Predicate;

import dev.watermill.stream.Position;

/**
 * Tells by their keys which elements are late: what they belong to was delivered before
 * they came, since their stream had been silent for so long. Used by one thread.
 *
 * @since 0.1.0
 */
public interface Lateness {

	/**
	 * How often something was closed that may still get elements.
	 * @return the number
	 */
	int closings();

	/**
	 * Whether neither an element with a key nor one with a greater key is late.
	 * @param key the normal form of the key
	 * @return {@code true} if each of them comes in time
	 */
	boolean isPast(Object key);

	/**
	 * Whether an element that comes now is late.
	 * @param key the normal form of its key
	 * @param before whether the element stands before a position, so that it was in time
	 * for what was delivered when the stream had been read up to there
	 * @return {@code true} if what it belongs to was delivered
	 */
	boolean isLate(Object key, Predicate<Position> before);

}
