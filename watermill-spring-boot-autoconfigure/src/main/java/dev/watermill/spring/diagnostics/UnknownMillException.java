package dev.watermill.spring.diagnostics;

/**
 * A mill is configured that does not exist.
 *
 * @since 0.1.0
 */
public class UnknownMillException extends MillConfigurationException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 */
	public UnknownMillException(String description, String action) {
		super(description, action, null);
	}

}
