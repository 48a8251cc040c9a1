package dev.watermill.spring.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.StringUtils;

/**
 * How the master is cut into windows.
 *
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public class WindowProperties {

	/**
	 * Expression for the window's key.
	 */
	private @Nullable String by;

	/**
	 * How long after its first element a window closes.
	 */
	private @Nullable Duration every;

	public @Nullable String getBy() {
		return this.by;
	}

	public void setBy(@Nullable String by) {
		this.by = StringUtils.hasText(by) ? by : null;
	}

	public @Nullable Duration getEvery() {
		return this.every;
	}

	public void setEvery(@Nullable Duration every) {
		this.every = every;
	}

}
