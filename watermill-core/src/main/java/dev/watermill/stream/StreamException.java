package dev.watermill.stream;

import org.jspecify.annotations.Nullable;

/**
 * An input that a mill can't go on with: an invalid element, keys out of order, a group
 * that exceeds its limit. The message names the stream, where in it, what was found, what
 * was expected and what to do.
 *
 * @since 0.1.0
 */
public class StreamException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String stream;

	/**
	 * Create an exception.
	 * @param stream the name of the stream
	 * @param message where, what was found, what was expected, what to do
	 * @param cause the cause, if there is one
	 */
	public StreamException(String stream, String message, @Nullable Throwable cause) {
		super("stream '" + stream + "': " + withoutName(stream, message), cause);
		this.stream = stream;
	}

	private static String withoutName(String stream, String message) {
		String name = "Stream '" + stream + "': ";
		return message.startsWith(name) ? message.substring(name.length()) : message;
	}

	/**
	 * The stream that can't be read on.
	 * @return its name
	 */
	public String stream() {
		return this.stream;
	}

}
