package dev.watermill.spring.diagnostics;

import org.jspecify.annotations.Nullable;

/**
 * Something is wrong with the configuration of the mills, found before any of them runs.
 *
 * @since 0.1.0
 */
public abstract class MillConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String description;

	private final String action;

	MillConfigurationException(String description, String action, @Nullable Throwable cause) {
		super(description + " " + action, cause);
		this.description = description;
		this.action = action;
	}

	/**
	 * What is wrong.
	 * @return one or several sentences
	 */
	public String getDescription() {
		return this.description;
	}

	/**
	 * What to do about it.
	 * @return one or several sentences
	 */
	public String getAction() {
		return this.action;
	}

}
