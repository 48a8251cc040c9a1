package dev.watermill.broker;

import org.jspecify.annotations.Nullable;

/**
 * A broker does not answer now but can be expected to answer later: the mill waits and
 * tries again.
 *
 * @since 0.1.0
 */
public class BrokerUnavailableException extends BrokerException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message what happened and what to do
	 */
	public BrokerUnavailableException(String message) {
		super(message);
	}

	/**
	 * Create an exception.
	 * @param message what happened and what to do
	 * @param cause the cause, if there is one
	 */
	public BrokerUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
