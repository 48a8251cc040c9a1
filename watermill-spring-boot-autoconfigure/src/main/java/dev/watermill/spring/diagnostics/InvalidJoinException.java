package dev.watermill.spring.diagnostics;

/**
 * Streams can't be joined in the way that was asked for.
 *
 * @since 0.1.0
 */
public class InvalidJoinException extends MillConfigurationException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 */
	public InvalidJoinException(String description, String action) {
		super(description, action, null);
	}

}
