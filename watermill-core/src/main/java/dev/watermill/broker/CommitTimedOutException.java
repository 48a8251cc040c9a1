package dev.watermill.broker;

import org.jspecify.annotations.Nullable;

/**
 * The work since the last commit took longer than the place of commits allows, so it is
 * lost; and it would take as long again.
 *
 * @since 0.1.0
 */
public class CommitTimedOutException extends BrokerException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message what happened and what to do
	 * @param cause the cause, if there is one
	 */
	public CommitTimedOutException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
