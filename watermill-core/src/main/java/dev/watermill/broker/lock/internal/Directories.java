package dev.watermill.broker.lock.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * The directories that files are in.
 *
 * @since 0.1.0
 */
public final class Directories {

	private Directories() {
	}

	/**
	 * Return the directory a file is in, created if it doesn't exist.
	 * @param file the file
	 * @return the directory
	 * @throws IOException if it can't be created
	 */
	public static Path create(Path file) throws IOException {
		return Files.createDirectories(of(file));
	}

	private static Path of(Path file) {
		return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a directory");
	}

	/**
	 * Wait until the disk has the name of a file, so that it outlives a loss of power.
	 * @param file the file
	 */
	public static void sync(Path file) {
		try (FileChannel directory = FileChannel.open(of(file), StandardOpenOption.READ)) {
			directory.force(true);
		}
		catch (IOException ex) {
			// Not every system opens directories
		}
	}

}
