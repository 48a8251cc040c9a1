package dev.watermill.engine.internal;

import java.util.Objects;

/**
 * Something failed after results of a delivery, or a part of one, may have been written,
 * which have to be taken back. Carries no stack trace, since its cause does.
 */
final class PartlyWrittenException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	PartlyWrittenException(Throwable cause) {
		super(null, cause, false, false);
	}

	/**
	 * What failed.
	 */
	Throwable cause() {
		return Objects.requireNonNull(getCause());
	}

}
