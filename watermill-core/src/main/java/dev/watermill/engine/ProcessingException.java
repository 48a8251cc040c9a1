package dev.watermill.engine;

import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The processing function failed for a delivery, or the window function before there was
 * one.
 *
 * @since 0.1.0
 */
public class ProcessingException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient @Nullable Position position;

	private final boolean skippable;

	ProcessingException(String message, @Nullable Position position, boolean skippable, @Nullable Throwable cause) {
		super(message, cause);
		this.position = position;
		this.skippable = skippable;
	}

	@Nullable Position position() {
		return this.position;
	}

	/**
	 * Whether there is a delivery that can be passed over, and not only an element of
	 * which it is not known where it belongs.
	 */
	boolean isSkippable() {
		return this.skippable;
	}

}
