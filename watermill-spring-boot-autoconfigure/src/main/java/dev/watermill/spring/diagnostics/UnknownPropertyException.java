package dev.watermill.spring.diagnostics;

/**
 * Properties are set that do not exist.
 *
 * @since 0.1.0
 */
public class UnknownPropertyException extends MillConfigurationException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 */
	public UnknownPropertyException(String description, String action) {
		super(description, action, null);
	}

}
