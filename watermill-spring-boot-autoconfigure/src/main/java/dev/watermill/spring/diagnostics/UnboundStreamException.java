package dev.watermill.spring.diagnostics;

/**
 * A stream of a mill is bound to no place.
 *
 * @since 0.1.0
 */
public class UnboundStreamException extends MillConfigurationException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param description what is wrong
	 * @param action what to do about it
	 */
	public UnboundStreamException(String description, String action) {
		super(description, action, null);
	}

}
