package dev.watermill.key;

/**
 * A key that makes its element invalid: {@code null}, NaN, an overflow, a value that is
 * not comparable.
 *
 * @since 0.1.0
 */
public class InvalidKeyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message what was found and what was expected
	 */
	public InvalidKeyException(String message) {
		super(message);
	}

}
