package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.lock.internal.RealPath;

/**
 * Where an output stands while it is written, and how it comes to its name.
 *
 * @param file the file the stream is bound to
 * @param fsync whether to wait for the disk
 */
record OutputFile(BoundFile file, boolean fsync) {

	/**
	 * The file that is written: for an array another than the one that will be there, and
	 * beside it, so that a link to it stays one.
	 */
	Path written() {
		if (!this.file.format().array()) {
			return this.file.path();
		}
		Path target = this.file.target();
		return target.resolveSibling(target.getFileName() + ".part");
	}

	/**
	 * Give the written file its name, in one step.
	 */
	void rename() throws IOException {
		if (this.file.format().array()) {
			Path target = this.file.target();
			Files.move(written(), target, StandardCopyOption.ATOMIC_MOVE);
			if (this.fsync) {
				RealPath.syncDirectory(target);
			}
		}
	}

	/**
	 * Check that the file can be created or written.
	 */
	void requireWritable() {
		this.file.requireNoDirectory();
		requireNoOtherName();
		for (Path path : new Path[] { this.file.path(), written() }) {
			if (Files.exists(path) && !Files.isWritable(path)) {
				throw this.file.failure(path,
						"can't be written: permission denied. Let the user of this process write it.", null);
			}
		}
		if (!this.file.format().array() && Files.exists(this.file.path())) {
			return;
		}
		Path directory = this.file.target().toAbsolutePath().normalize().getParent();
		while (directory != null && !Files.exists(directory)) {
			directory = directory.getParent();
		}
		if (directory == null || !Files.isDirectory(directory) || !Files.isWritable(directory)) {
			throw this.file.failure("can't be created: " + directory
					+ " is no directory that can be written. Choose another place, or give permission.", null);
		}
	}

	/**
	 * Refuse a file that is written in place and has another name: no lock beside it
	 * keeps those out that write to it by that one. Systems that don't tell how many
	 * names a file has are trusted.
	 */
	private void requireNoOtherName() {
		Path written = written();
		if (!Files.isRegularFile(written) || !written.getFileSystem().supportedFileAttributeViews().contains("unix")) {
			return;
		}
		try {
			int names = (int) Files.getAttribute(written, "unix:nlink");
			if (names > 1) {
				throw this.file.failure(written, "has " + names
						+ " names (hard links), and what is written to it would "
						+ "change what stands under all of them. Give it a copy of its own: copy it, and move the copy "
						+ "to its name.", null);
			}
		}
		catch (IOException ex) {
			throw unwritable(ex);
		}
	}

	BrokerException unwritable(IOException cause) {
		return this.file.unwritable(written(), cause);
	}

}
