package dev.watermill.spring.properties;

import java.time.Duration;

/**
 * How often a delivery is repeated whose processing failed.
 *
 * @since 0.1.0
 */
public class RetryProperties {

	/**
	 * How often the function is called for a delivery altogether.
	 */
	private int maxAttempts = 3;

	/**
	 * Pause before the second attempt, doubled each time.
	 */
	private Duration backoff = Duration.ofSeconds(1);

	/**
	 * Longest pause between attempts.
	 */
	private Duration maxBackoff = Duration.ofSeconds(30);

	public int getMaxAttempts() {
		return this.maxAttempts;
	}

	public void setMaxAttempts(int maxAttempts) {
		this.maxAttempts = maxAttempts;
	}

	public Duration getBackoff() {
		return this.backoff;
	}

	public void setBackoff(Duration backoff) {
		this.backoff = backoff;
	}

	public Duration getMaxBackoff() {
		return this.maxBackoff;
	}

	public void setMaxBackoff(Duration maxBackoff) {
		this.maxBackoff = maxBackoff;
	}

}
