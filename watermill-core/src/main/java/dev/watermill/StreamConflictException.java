package dev.watermill;

/**
 * Two streams of one mill are bound to one place, where they would spoil each other: two
 * outputs, or an output and an input.
 *
 * @since 0.1.0
 */
public class StreamConflictException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String first;

	private final String second;

	/**
	 * Create an exception.
	 * @param message what is in the way of what
	 * @param first the name of one stream
	 * @param second the name of the other
	 */
	public StreamConflictException(String message, String first, String second) {
		super(message);
		this.first = first;
		this.second = second;
	}

	/**
	 * One of the streams.
	 * @return its name
	 */
	public String first() {
		return this.first;
	}

	/**
	 * The other stream.
	 * @return its name
	 */
	public String second() {
		return this.second;
	}

}
