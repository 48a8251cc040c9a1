package dev.watermill;

/**
 * A key is computed of something that the records of its stream don't have, such as the
 * keys of the elements of a file.
 *
 * @since 0.1.0
 */
public class MissingFactException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String stream;

	/**
	 * Create an exception.
	 * @param message what is missing where
	 * @param stream the name of the stream
	 */
	public MissingFactException(String message, String stream) {
		super(message);
		this.stream = stream;
	}

	/**
	 * The stream.
	 * @return its name
	 */
	public String stream() {
		return this.stream;
	}

}
