package dev.watermill.engine;

import java.time.Duration;

/**
 * How often and when a delivery is repeated whose processing failed. The pause doubles
 * with each attempt.
 *
 * @param maxAttempts how often the function is called for it altogether, at least 1
 * @param backoff how long to pause before the second attempt
 * @param maxBackoff the longest pause
 * @since 0.1.0
 */
public record RetryPolicy(int maxAttempts, Duration backoff, Duration maxBackoff) {

	/**
	 * Create a policy.
	 * @param maxAttempts how often the function is called for it altogether, at least 1
	 * @param backoff how long to pause before the second attempt
	 * @param maxBackoff the longest pause
	 */
	public RetryPolicy {
		if (maxAttempts < 1) {
			throw new IllegalArgumentException("max-attempts must be at least 1, but is " + maxAttempts);
		}
		if (backoff.isNegative() || maxBackoff.isNegative()) {
			throw new IllegalArgumentException("backoff and max-backoff must not be negative");
		}
	}

	/**
	 * Return how long to pause.
	 * @param attempt the number of attempts that failed, from 1
	 * @return the pause before the next one
	 */
	public Duration pauseAfter(int attempt) {
		long factor = 1L << Math.min(Math.max(attempt - 1, 0), 30);
		Duration pause = this.backoff.multipliedBy(factor);
		return (pause.compareTo(this.maxBackoff) < 0) ? pause : this.maxBackoff;
	}

}
