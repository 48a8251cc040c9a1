package dev.watermill.window;

import java.time.Duration;

import dev.watermill.key.KeyFunction;
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
