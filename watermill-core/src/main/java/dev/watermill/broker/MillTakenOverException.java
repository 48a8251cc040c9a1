package dev.watermill.broker;

import org.jspecify.annotations.Nullable;

/**
 * Another instance runs this mill: it holds the place of its commits, or has taken it
 * over.
 *
 * @since 0.1.0
 */
public class MillTakenOverException extends BrokerException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message what happened and what to do
	 */
	public MillTakenOverException(String message) {
		super(message);
	}

	/**
	 * Create an exception.
	 * @param message what happened and what to do
	 * @param cause the cause, if there is one
	 */
	public MillTakenOverException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
