package dev.watermill.spring.properties;

import java.time.Duration;

/**
 * How often a mill is started again by itself that failed.
 *
 * @since 0.1.0
 */
public class RestartProperties {

	/**
	 * Maximum number of times in a row that a mill is started again by itself after it
	 * failed. What was committed in between begins a new row.
	 */
	private int maxRestarts;

	/**
	 * Pause before the first restart. Each further one is twice as long.
	 */
	private Duration delay = Duration.ofSeconds(10);

	/**
	 * Longest pause before a restart.
	 */
	private Duration maxDelay = Duration.ofMinutes(5);

	public int getMaxRestarts() {
		return this.maxRestarts;
	}

	public void setMaxRestarts(int maxRestarts) {
		this.maxRestarts = maxRestarts;
	}

	public Duration getDelay() {
		return this.delay;
	}

	public void setDelay(Duration delay) {
		this.delay = delay;
	}

	public Duration getMaxDelay() {
		return this.maxDelay;
	}

	public void setMaxDelay(Duration maxDelay) {
		this.maxDelay = maxDelay;
	}

}
