package dev.watermill.engine;

import java.time.Duration;

import dev.watermill.engine.internal.MillSettings;

/**
 * How often and when a mill that failed, or a lane of it, is started again by itself. It
 * is counted anew when something was committed in between, or when an hour has passed in
 * which it did not fail. What an {@link Error} stopped is left alone.
 *
 * @param maxRestarts how often in a row it is started again, 0 for never
 * @param delay how long to wait before the first restart; each further wait is twice as
 * long as the one before
 * @param maxDelay the longest wait
 * @since 0.1.0
 */
public record RestartPolicy(int maxRestarts, Duration delay, Duration maxDelay) {

	/**
	 * What counts where nothing is set: what failed waits for somebody to start it.
	 */
	public static final RestartPolicy NEVER = new RestartPolicy(0, Duration.ofSeconds(10), Duration.ofMinutes(5));

	/**
	 * Create a policy.
	 * @throws IllegalArgumentException if the number or a duration makes no sense
	 */
	public RestartPolicy {
		if (maxRestarts < 0) {
			throw new IllegalArgumentException("max-restarts must not be negative, but is " + maxRestarts);
		}
		MillSettings.positive("delay", delay);
		MillSettings.positive("max-delay", maxDelay);
		if (maxDelay.compareTo(delay) < 0) {
			throw new IllegalArgumentException(
					"max-delay must be at least the delay, " + delay + ", but is " + maxDelay);
		}
	}

	/**
	 * Return how long to wait.
	 * @param restart which restart in a row is to come, from 1
	 * @return the wait before it
	 */
	public Duration pauseBefore(int restart) {
		double pause = this.delay.toNanos() * Math.pow(2, Math.max(restart - 1, 0));
		return (pause < this.maxDelay.toNanos()) ? Duration.ofNanos((long) pause) : this.maxDelay;
	}

}
