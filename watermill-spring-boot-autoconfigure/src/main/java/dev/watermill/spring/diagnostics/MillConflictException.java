package dev.watermill.spring.diagnostics;

/**
 * Mills are in each other's way, or in their own.
 *
 * @since 0.1.0
 */
public class MillConflictException extends MillConfigurationException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 */
	public MillConflictException(String description, String action) {
		super(description, action, null);
	}

}
