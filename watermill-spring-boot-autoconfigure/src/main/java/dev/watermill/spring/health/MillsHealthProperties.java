package dev.watermill.spring.health;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * When a mill that is at work counts as unwell.
 *
 * @since 0.1.0
 */
@ConfigurationProperties(MillsHealthProperties.PREFIX)
public class MillsHealthProperties {

	static final String PREFIX = "management.health.watermill";

	/**
	 * How long one call of a processing function may take until its mill is out of
	 * service; 0 for as long as it likes.
	 */
	private Duration callThreshold = Duration.ofMinutes(15);

	/**
	 * How long a mill that has something to do may not get on until it is out of service;
	 * 0 for as long as it likes.
	 */
	private Duration progressThreshold = Duration.ofMinutes(30);

	/**
	 * How many elements may stand behind those that a mill has passed of a stream until
	 * it is out of service; any number unless set.
	 */
	private @Nullable Long lagThreshold;

	public Duration getCallThreshold() {
		return this.callThreshold;
	}

	public void setCallThreshold(Duration callThreshold) {
		this.callThreshold = callThreshold;
	}

	public Duration getProgressThreshold() {
		return this.progressThreshold;
	}

	public void setProgressThreshold(Duration progressThreshold) {
		this.progressThreshold = progressThreshold;
	}

	public @Nullable Long getLagThreshold() {
		return this.lagThreshold;
	}

	public void setLagThreshold(@Nullable Long lagThreshold) {
		this.lagThreshold = lagThreshold;
	}

	void check() {
		require(!this.callThreshold.isNegative(), "call-threshold", this.callThreshold);
		require(!this.progressThreshold.isNegative(), "progress-threshold", this.progressThreshold);
		require(this.lagThreshold == null || this.lagThreshold >= 0, "lag-threshold", this.lagThreshold);
	}

	private static void require(boolean valid, String property, @Nullable Object value) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + "." + property, value,
					"It must not be negative. Set 0 for a duration that does not count, and no lag for any.");
		}
	}

}
