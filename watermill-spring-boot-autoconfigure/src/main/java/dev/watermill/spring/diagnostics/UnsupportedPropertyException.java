package dev.watermill.spring.diagnostics;

/**
 * A property asks for something that does not exist yet.
 *
 * @since 0.1.0
 */
public class UnsupportedPropertyException extends MillConfigurationException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 */
	public UnsupportedPropertyException(String description, String action) {
		super(description, action, null);
	}

}
