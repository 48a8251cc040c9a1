package dev.watermill.spring.diagnostics;

import org.jspecify.annotations.Nullable;

/**
 * Results can't be told which stream they go to.
 *
 * @since 0.1.0
 */
public class InvalidOutputException extends MillConfigurationException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 */
	public InvalidOutputException(String description, String action) {
		super(description, action, null);
	}

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 * @param cause the cause, if there is one
	 */
	public InvalidOutputException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
