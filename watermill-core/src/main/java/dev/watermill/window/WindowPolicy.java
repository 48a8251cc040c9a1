package dev.watermill.window;

import java.time.Duration;

import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.key.internal.KeyGrid;
import org.jspecify.annotations.Nullable;

/**
 * How the master's elements are cut into windows.
 *
 * @since 0.1.0
 */
public sealed interface WindowPolicy {

	/**
	 * The key of the master's elements by which they are cut.
	 * @return the key, {@code null} if they are cut in another way
	 */
	default @Nullable KeyFunction<?> key() {
		return null;
	}

	/**
	 * Whether keys of the master that go back are out of order.
	 * @return {@code false} if the key may be any, and only runs of it count
	 */
	default boolean isOrdered() {
		return false;
	}

	/**
	 * No windows: each element by itself.
	 */
	record None() implements WindowPolicy {

	}

	/**
	 * A window is a run of equal keys. Repeatable.
	 *
	 * @param key the key
	 */
	record ByKey(KeyFunction<?> key) implements WindowPolicy {

	}

	/**
	 * Windows of one size that begin at regular distances: [n * step + offset, n * step +
	 * offset + size) for every integer n, counted from 0 or the epoch. An element is in
	 * all that hold its key. Repeatable.
	 *
	 * @param key the key, a number or a time
	 * @param size how long a window is
	 * @param step how far behind the begin of a window the next one begins
	 * @param offset how far behind 0 or the epoch one begins
	 */
	record Hopping(KeyFunction<?> key, KeySpan size, KeySpan step, KeySpan offset) implements WindowPolicy {

		/** Each element may be in so many. */
		private static final int MOST_AT_ONCE = 10_000;

		/**
		 * Create a policy.
		 * @throws IllegalArgumentException if these are no windows over such keys
		 */
		public Hopping {
			KeyGrid.require(key, size, step, offset);
			if (size.equals(KeySpan.ZERO) || step.equals(KeySpan.ZERO)) {
				throw new IllegalArgumentException("Windows need a size and a step that are greater than 0");
			}
			if (new KeyGrid(step, KeySpan.ZERO).steps(size) > MOST_AT_ONCE) {
				throw new IllegalArgumentException(
						"Each element would be in more than " + MOST_AT_ONCE + " windows: their size is " + size
								+ ", and a new one begins each " + step + ". Choose a greater step");
			}
			key = KeyGrid.checked(key, size, step);
		}

		@Override
		public boolean isOrdered() {
			return true;
		}

	}

	/**
	 * A window is a run of elements that have their matches, each of which is no farther
	 * than a gap behind the one before. Repeatable.
	 *
	 * @param key the key, a number or a time
	 * @param gap how far apart they may be
	 */
	record Session(KeyFunction<?> key, KeySpan gap) implements WindowPolicy {

		/**
		 * Create a policy.
		 * @throws IllegalArgumentException if this is no gap between such keys
		 */
		public Session {
			KeyGrid.require(key, gap);
			key = KeyGrid.checked(key, gap, KeySpan.ZERO);
		}

		@Override
		public boolean isOrdered() {
			return true;
		}

	}

	/**
	 * A window is a number of elements that have their matches. Repeatable.
	 *
	 * @param size how many; the last window may have fewer
	 */
	record Count(int size) implements WindowPolicy {

		/**
		 * Create a policy.
		 * @throws IllegalArgumentException if there are to be none
		 */
		public Count {
			if (size < 1) {
				throw new IllegalArgumentException("The count of a window must be positive, but is " + size);
			}
		}

	}

	/**
	 * A window closes a while after its first element, on the clock, although nothing
	 * arrives. Not repeatable: after a crash it may be cut elsewhere.
	 *
	 * @param duration how long after
	 */
	record Every(Duration duration) implements WindowPolicy {

	}

	/**
	 * A window is a run of equal answers of a function.
	 *
	 * @param function the function
	 */
	record ByFunction(WindowFunction<?> function) implements WindowPolicy {

	}

}
