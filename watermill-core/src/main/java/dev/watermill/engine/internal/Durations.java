package dev.watermill.engine.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Compares durations.
 */
final class Durations {

	private Durations() {
	}

	/**
	 * Return the shorter of two durations.
	 * @param other the other one, {@code null} if it never ends
	 */
	static Duration shorter(Duration one, @Nullable Duration other) {
		return (other != null && other.compareTo(one) < 0) ? other : one;
	}

}
