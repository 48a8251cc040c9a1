package dev.watermill.broker;

import org.jspecify.annotations.Nullable;

/**
 * A stream could not be opened, read or written. The message says which, what was found,
 * what was expected and what to do.
 *
 * @since 0.1.0
 */
public class BrokerException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message what happened and what to do
	 */
	public BrokerException(String message) {
		super(message);
	}

	/**
	 * Create an exception.
	 * @param message what happened and what to do
	 * @param cause the cause, if there is one
	 */
	public BrokerException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
