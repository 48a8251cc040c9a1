package dev.watermill.spring.diagnostics;

import org.jspecify.annotations.Nullable;

/**
 * A stream can't be cut into windows in the way that was asked for.
 *
 * @since 0.1.0
 */
public class InvalidWindowException extends MillConfigurationException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 */
	public InvalidWindowException(String description, String action) {
		super(description, action, null);
	}

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 * @param cause the cause, if there is one
	 */
	public InvalidWindowException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
