package dev.watermill.spring.properties;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How often a delivery is repeated whose processing failed.
 *
 * @since 0.1.0
 */
public class RetryProperties {

	/**
	 * Maximum number of times a delivery is processed again after it failed.
	 */
	private int maxRetries = 2;

	/**
	 * Pause before the first retry.
	 */
	private Duration delay = Duration.ofSeconds(1);

	/**
	 * Multiplier for the pause from each retry to the next.
	 */
	private double multiplier = 2;

	/**
	 * Longest pause before a retry.
	 */
	private Duration maxDelay = Duration.ofSeconds(30);

	/**
	 * Amount by which a pause is shorter or longer at random.
	 */
	private Duration jitter = Duration.ZERO;

	/**
	 * Exceptions that are retried, all if empty.
	 */
	private List<Class<? extends Throwable>> exceptionIncludes = new ArrayList<>();

	/**
	 * Exceptions that are not retried.
	 */
	private List<Class<? extends Throwable>> exceptionExcludes = new ArrayList<>();

	public int getMaxRetries() {
		return this.maxRetries;
	}

	public void setMaxRetries(int maxRetries) {
		this.maxRetries = maxRetries;
	}

	public Duration getDelay() {
		return this.delay;
	}

	public void setDelay(Duration delay) {
		this.delay = delay;
	}

	public double getMultiplier() {
		return this.multiplier;
	}

	public void setMultiplier(double multiplier) {
		this.multiplier = multiplier;
	}

	public Duration getMaxDelay() {
		return this.maxDelay;
	}

	public void setMaxDelay(Duration maxDelay) {
		this.maxDelay = maxDelay;
	}

	public Duration getJitter() {
		return this.jitter;
	}

	public void setJitter(Duration jitter) {
		this.jitter = jitter;
	}

	public List<Class<? extends Throwable>> getExceptionIncludes() {
		return this.exceptionIncludes;
	}

	public void setExceptionIncludes(List<Class<? extends Throwable>> exceptionIncludes) {
		this.exceptionIncludes = exceptionIncludes;
	}

	public List<Class<? extends Throwable>> getExceptionExcludes() {
		return this.exceptionExcludes;
	}

	public void setExceptionExcludes(List<Class<? extends Throwable>> exceptionExcludes) {
		this.exceptionExcludes = exceptionExcludes;
	}

}
