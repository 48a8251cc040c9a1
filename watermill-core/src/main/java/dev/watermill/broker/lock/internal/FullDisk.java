package dev.watermill.broker.lock.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a disk without room from all else that keeps a file from being written: room
 * comes again, and nobody has to start anything then.
 *
 * @since 0.1.0
 */
public final class FullDisk {

	/** What systems say, where they speak English. */
	private static final String[] WORDS = { "no space left", "quota exceeded", "not enough space" };

	private FullDisk() {
	}

	/**
	 * Say that a file can't be written.
	 * @param problem which one, whose, and why, without a full stop
	 * @param file the file
	 * @param cause what happened
	 * @return the failure, one that passes if there is no room on the disk
	 */
	public static BrokerException unwritable(String problem, Path file, IOException cause) {
		return isCause(cause, file)
				? new BrokerUnavailableException(problem
						+ ". The disk is full, or a quota: make room, and the mill goes on from its last commit.",
						cause)
				: new BrokerException(
						problem + ". Give permission or mend the disk, then start the mill again: it goes "
								+ "on from its last commit.",
						cause);
	}

	private static boolean isCause(IOException cause, Path file) {
		String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
		return Stream.of(WORDS).anyMatch(message::contains) || isFull(file.toAbsolutePath().getParent());
	}

	private static boolean isFull(@Nullable Path directory) {
		try {
			return directory != null && Files.getFileStore(directory).getUsableSpace() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
