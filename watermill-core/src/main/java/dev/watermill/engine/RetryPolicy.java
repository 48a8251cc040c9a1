package dev.watermill.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and when a delivery is repeated whose processing failed, with the names and
 * the meaning that Spring Boot gives them.
 *
 * @param maxRetries how often the function is called again for it, 0 for never: with 2
 * there are 3 attempts
 * @param delay how long to pause before the first retry
 * @param multiplier by what each further pause is longer than the one before, at least 1
 * @param maxDelay the longest pause
 * @param jitter by how much a pause is shorter or longer at random; multiplied as the
 * pause is. No pause is below the delay, or above the longest.
 * @param exceptionIncludes what is retried, by the class of what was thrown or of one of
 * its causes; everything if empty
 * @param exceptionExcludes what is not retried, although it is included
 * @since 0.1.0
 */
public record RetryPolicy(int maxRetries, Duration delay, double multiplier, Duration maxDelay, Duration jitter,
		List<Class<? extends Throwable>> exceptionIncludes, List<Class<? extends Throwable>> exceptionExcludes) {

	/**
	 * Create a policy.
	 */
	public RetryPolicy {
		if (maxRetries < 0) {
			throw new IllegalArgumentException("max-retries must not be negative, but is " + maxRetries);
		}
		if (!(multiplier >= 1)) {
			throw new IllegalArgumentException("multiplier must be at least 1, but is " + multiplier);
		}
		if (delay.isNegative() || maxDelay.isNegative() || jitter.isNegative()) {
			throw new IllegalArgumentException("delay, max-delay and jitter must not be negative");
		}
		exceptionIncludes = List.copyOf(exceptionIncludes);
		exceptionExcludes = List.copyOf(exceptionExcludes);
	}

	/**
	 * Create a policy that retries whatever was thrown, with pauses that double.
	 * @param maxRetries how often the function is called again
	 * @param delay how long to pause before the first retry
	 * @param maxDelay the longest pause
	 */
	public RetryPolicy(int maxRetries, Duration delay, Duration maxDelay) {
		this(maxRetries, delay, 2, maxDelay, Duration.ZERO, List.of(), List.of());
	}

	/**
	 * Return whether a failure is worth another attempt.
	 * @param thrown what was thrown
	 * @return whether it is included, and not excluded
	 */
	public boolean isRetryable(Throwable thrown) {
		return (this.exceptionIncludes.isEmpty() || matches(this.exceptionIncludes, thrown))
				&& !matches(this.exceptionExcludes, thrown);
	}

	private static boolean matches(List<Class<? extends Throwable>> types, Throwable thrown) {
		Throwable cause = thrown;
		// whoever throws may have made a loop of its causes
		for (int i = 0; cause != null && i < 100; i++) {
			for (Class<? extends Throwable> type : types) {
				if (type.isInstance(cause)) {
					return true;
				}
			}
			cause = cause.getCause();
		}
		return false;
	}

	/**
	 * Return how long to pause.
	 * @param attempt the number of attempts that failed, from 1
	 * @return the pause before the next one
	 */
	public Duration pauseAfter(int attempt) {
		double longest = this.maxDelay.toNanos();
		double shortest = Math.min(this.delay.toNanos(), longest);
		double factor = Math.pow(this.multiplier, Math.max(attempt - 1, 0));
		double pause = Math.min(shortest * factor, longest);
		if (!this.jitter.isZero()) {
			double spread = Math.min(this.jitter.toNanos() * factor, longest);
			double least = Math.max(pause - spread, shortest);
			pause = least + ThreadLocalRandom.current().nextDouble() * (Math.min(pause + spread, longest) - least);
		}
		return Duration.ofNanos((long) pause);
	}

}
