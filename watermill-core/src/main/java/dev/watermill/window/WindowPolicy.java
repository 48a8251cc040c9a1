package dev.watermill.window;

import java.time.Duration;

import dev.watermill.key.KeyFunction;

/**
 * How the master's elements are cut into windows.
 *
 * @since 0.1.0
 */
public sealed interface WindowPolicy {

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
