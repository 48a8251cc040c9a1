package dev.watermill.spring.diagnostics;

/**
 * A stream is named that a mill does not have.
 *
 * @since 0.1.0
 */
public class UnknownStreamException extends MillConfigurationException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 */
	public UnknownStreamException(String description, String action) {
		super(description, action, null);
	}

}
