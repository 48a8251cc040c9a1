package dev.watermill.console;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the console.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("watermill.console")
public class WaterMillConsoleProperties {

	/**
	 * Whether there is a console.
	 */
	private boolean enabled = true;

	/**
	 * Path of the console within the application. By default "/watermill", or
	 * "/watermill-console" if the Actuator has something there.
	 */
	private @Nullable String path;

	/**
	 * URL of the Actuator endpoint as browsers see it. By default it follows from the
	 * application's context path and the paths of the Actuator. One of another origin
	 * needs CORS there.
	 */
	private @Nullable String endpoint;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable String getPath() {
		return this.path;
	}

	public void setPath(@Nullable String path) {
		this.path = path;
	}

	public @Nullable String getEndpoint() {
		return this.endpoint;
	}

	public void setEndpoint(@Nullable String endpoint) {
		this.endpoint = endpoint;
	}

}
