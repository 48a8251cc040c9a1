package dev.watermill.spring.properties;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.StringUtils;

/**
 * Settings of one mill.
 *
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public class MillProperties {

	/**
	 * Whether the mill starts with the application.
	 */
	private boolean autoStartup = true;

	/**
	 * Keys of joined streams by their names, instead of those of the annotations.
	 */
	private final Map<String, JoinProperties> joins = new LinkedHashMap<>();

	/**
	 * Window, instead of that of the annotation.
	 */
	private @Nullable WindowProperties window;

	/**
	 * Output streams by their names, each with the class of its results; or a list of one
	 * name for results of any type.
	 */
	private final Map<String, String> outputs = new LinkedHashMap<>();

	/**
	 * Where to begin in topics where no position exists: earliest, latest, or an instant
	 * such as 2026-01-31T00:00:00Z. Unset it is earliest, unless an output topic holds
	 * results already, which then is an error.
	 */
	private @Nullable String startFrom;

	/**
	 * How long one wait for an element lasts.
	 */
	private Duration pollTimeout = Duration.ofSeconds(1);

	/**
	 * How long to wait for an element at the end of a topic before the topic counts as
	 * ended. Unset it is waited for ever.
	 */
	private @Nullable Duration dataTimeout;

	/**
	 * How long a topic is silent at its end before open windows, and what has all matches
	 * that it needs, are delivered without what it may still bring. Unset they wait for
	 * ever.
	 */
	private @Nullable Duration idle;

	/**
	 * How many elements may have one key at one place of the join.
	 */
	private int maxGroupSize = 100_000;

	/**
	 * Share of the last 1,000 elements of an input, from 0 to 1, that may be bad:
	 * invalid, tombstones, or out of order. The mill fails beyond it.
	 */
	private @Nullable Double maxBadRate;

	/**
	 * How many elements a window may have.
	 */
	private int maxWindowSize = 1_000_000;

	/**
	 * How many deliveries of an asynchronous function may be open at once: called, and
	 * their results not written.
	 */
	private int maxInFlight = 64;

	private boolean maxInFlightSet;

	/**
	 * How long an asynchronous function may take for a delivery, which has failed then.
	 * Unset: for ever.
	 */
	private @Nullable Duration deliveryTimeout;

	/**
	 * How long results may wait for their commit while more is to read.
	 */
	private Duration commitInterval = Duration.ofMillis(100);

	/**
	 * How many lanes are at work at once on this instance. Calls of one processor never
	 * overlap unless it is more than 1.
	 */
	private int concurrency = 1;

	/**
	 * How long a lane that another instance takes over may take to finish what it is at.
	 * Then its call is interrupted, and what it has not committed is done again there.
	 */
	private Duration handOverTimeout = Duration.ofSeconds(10);

	/**
	 * How often a delivery is repeated whose processing failed.
	 */
	@NestedConfigurationProperty
	private final RetryProperties retry = new RetryProperties();

	/**
	 * What happens with a delivery whose last attempt failed.
	 */
	private ErrorHandling onError = ErrorHandling.FAIL;

	/**
	 * Where the dead letters of all its streams go that have no place of their own for
	 * them.
	 */
	@NestedConfigurationProperty
	private @Nullable DeadLetterProperties deadLetter;

	/**
	 * How often the mill is started again by itself after it failed.
	 */
	@NestedConfigurationProperty
	private final RestartProperties restart = new RestartProperties();

	/**
	 * Whether each delivery is a Micrometer observation, so that traces run from the
	 * record that came in to the results. Costs some microseconds a delivery.
	 */
	private boolean observationEnabled;

	public boolean isAutoStartup() {
		return this.autoStartup;
	}

	public void setAutoStartup(boolean autoStartup) {
		this.autoStartup = autoStartup;
	}

	public Map<String, JoinProperties> getJoins() {
		return this.joins;
	}

	public @Nullable WindowProperties getWindow() {
		return this.window;
	}

	public void setWindow(@Nullable WindowProperties window) {
		this.window = window;
	}

	public Map<String, String> getOutputs() {
		return this.outputs;
	}

	public @Nullable String getStartFrom() {
		return this.startFrom;
	}

	public void setStartFrom(@Nullable String startFrom) {
		// Left empty, as a list of all settings may have it
		this.startFrom = StringUtils.hasText(startFrom) ? startFrom : null;
	}

	public Duration getPollTimeout() {
		return this.pollTimeout;
	}

	public void setPollTimeout(Duration pollTimeout) {
		this.pollTimeout = pollTimeout;
	}

	public @Nullable Duration getDataTimeout() {
		return this.dataTimeout;
	}

	public void setDataTimeout(@Nullable Duration dataTimeout) {
		this.dataTimeout = dataTimeout;
	}

	public @Nullable Duration getIdle() {
		return this.idle;
	}

	public void setIdle(@Nullable Duration idle) {
		this.idle = idle;
	}

	public int getMaxGroupSize() {
		return this.maxGroupSize;
	}

	public void setMaxGroupSize(int maxGroupSize) {
		this.maxGroupSize = maxGroupSize;
	}

	public @Nullable Double getMaxBadRate() {
		return this.maxBadRate;
	}

	public void setMaxBadRate(@Nullable Double maxBadRate) {
		this.maxBadRate = maxBadRate;
	}

	public int getMaxWindowSize() {
		return this.maxWindowSize;
	}

	public void setMaxWindowSize(int maxWindowSize) {
		this.maxWindowSize = maxWindowSize;
	}

	public int getMaxInFlight() {
		return this.maxInFlight;
	}

	/**
	 * Whether the number was set, be it to the default.
	 * @return {@code true} if it was
	 */
	public boolean hasMaxInFlight() {
		return this.maxInFlightSet;
	}

	public void setMaxInFlight(int maxInFlight) {
		this.maxInFlightSet = true;
		this.maxInFlight = maxInFlight;
	}

	public @Nullable Duration getDeliveryTimeout() {
		return this.deliveryTimeout;
	}

	public void setDeliveryTimeout(@Nullable Duration deliveryTimeout) {
		this.deliveryTimeout = deliveryTimeout;
	}

	public Duration getCommitInterval() {
		return this.commitInterval;
	}

	public void setCommitInterval(Duration commitInterval) {
		this.commitInterval = commitInterval;
	}

	public int getConcurrency() {
		return this.concurrency;
	}

	public void setConcurrency(int concurrency) {
		this.concurrency = concurrency;
	}

	public Duration getHandOverTimeout() {
		return this.handOverTimeout;
	}

	public void setHandOverTimeout(Duration handOverTimeout) {
		this.handOverTimeout = handOverTimeout;
	}

	public RetryProperties getRetry() {
		return this.retry;
	}

	public ErrorHandling getOnError() {
		return this.onError;
	}

	public void setOnError(ErrorHandling onError) {
		this.onError = onError;
	}

	public @Nullable DeadLetterProperties getDeadLetter() {
		return this.deadLetter;
	}

	public void setDeadLetter(@Nullable DeadLetterProperties deadLetter) {
		this.deadLetter = deadLetter;
	}

	public RestartProperties getRestart() {
		return this.restart;
	}

	public boolean isObservationEnabled() {
		return this.observationEnabled;
	}

	public void setObservationEnabled(boolean observationEnabled) {
		this.observationEnabled = observationEnabled;
	}

}
