package dev.watermill.spring.properties;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.StringUtils;

/**
 * How far ahead of those before the key of an element may be. In short the step alone, of
 * the one expression that is on the stream.
 *
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public class MaxStepProperties {

	/**
	 * Expression for the key, where several are on the stream.
	 */
	private @Nullable String by;

	/**
	 * How far ahead the key may be: a number in its units, or a duration.
	 */
	private @Nullable String step;

	/**
	 * Return settings that are written as one text.
	 * @param step the step
	 * @return the settings
	 */
	public static MaxStepProperties valueOf(String step) {
		MaxStepProperties properties = new MaxStepProperties();
		properties.setStep(step);
		return properties;
	}

	public @Nullable String getBy() {
		return this.by;
	}

	public void setBy(@Nullable String by) {
		this.by = StringUtils.hasText(by) ? by : null;
	}

	public @Nullable String getStep() {
		return this.step;
	}

	public void setStep(@Nullable String step) {
		this.step = StringUtils.hasText(step) ? step : null;
	}

}
