package dev.watermill.broker.file;

import java.io.IOException;

/**
 * A file holds something else than its name or its stream's format says.
 */
final class WrongFormatException extends IOException {

	private static final long serialVersionUID = 1L;

	WrongFormatException(String message) {
		super(message);
	}

}
