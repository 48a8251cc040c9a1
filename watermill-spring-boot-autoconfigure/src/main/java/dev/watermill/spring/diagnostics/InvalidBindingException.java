package dev.watermill.spring.diagnostics;

import org.jspecify.annotations.Nullable;

/**
 * A stream is bound to a place that can't be read, or not written.
 *
 * @since 0.1.0
 */
public class InvalidBindingException extends MillConfigurationException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 */
	public InvalidBindingException(String description, String action) {
		super(description, action, null);
	}

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 * @param cause the cause, if there is one
	 */
	public InvalidBindingException(String description, String action, @Nullable Throwable cause) {
		super(description, action, cause);
	}

}
