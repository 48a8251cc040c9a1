package dev.watermill.spring.test;

/**
 * A mill failed in a test that did not expect it to.
 *
 * @since 0.1.0
 */
public class MillFailedError extends AssertionError {

	private static final long serialVersionUID = 1L;

	private final String mill;

	MillFailedError(String mill, String message, Throwable cause) {
		super(message, cause);
		this.mill = mill;
	}

	/**
	 * Which mill failed.
	 * @return its name
	 */
	public String mill() {
		return this.mill;
	}

}
