package dev.watermill.broker.checkpoint.internal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import dev.watermill.broker.lock.internal.RealPath;

/**
 * Replaces a small file in one step, so that it is what it was or what it is to be.
 */
final class Replacement {

	private Replacement() {
	}

	/**
	 * Write a file.
	 * @param file the file
	 * @param content what is to be in it
	 * @param fsync whether to wait for the disk
	 */
	static void write(Path file, byte[] content, boolean fsync) throws IOException {
		Path written = file.resolveSibling(file.getFileName() + ".part");
		// No channel, since interrupting the thread would close it
		try (FileOutputStream out = new FileOutputStream(written.toFile())) {
			out.write(content);
			if (fsync) {
				out.getFD().sync();
			}
		}
		Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
		if (fsync) {
			RealPath.syncDirectory(file);
		}
	}

}
