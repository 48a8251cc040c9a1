package dev.watermill.broker.lock.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Which file a path leads to, and the directory that it is in.
 *
 * @since 0.1.0
 */
public final class RealPath {

	/** More links in a row are a circle, as Linux has it. */
	private static final int MAX_LINKS = 40;

	private RealPath() {
	}

	/**
	 * Return the one path of a file, by whatever path it is named: absolute, without
	 * links, in the case in which the file system keeps it. As far as there is nothing
	 * yet, it is what the path says.
	 * @param path any path of the file
	 * @return the one path
	 */
	public static Path of(Path path) {
		Path absolute = behindLinks(path).toAbsolutePath();
		for (Path existing = absolute; existing != null; existing = existing.getParent()) {
			try {
				Path real = existing.toRealPath();
				int known = existing.getNameCount();
				int names = absolute.getNameCount();
				return (known < names) ? real.resolve(absolute.subpath(known, names)).normalize() : real;
			}
			catch (IOException ex) {
				// not there, or not readable: its parent may be
			}
		}
		return absolute.normalize();
	}

	/**
	 * Whether two real paths are those of one file: they are equal, or both names of what
	 * is there (hard links).
	 * @param left a real path
	 * @param right another one
	 * @return {@code true} if they are
	 */
	public static boolean areOne(Path left, Path right) {
		if (left.equals(right)) {
			return true;
		}
		try {
			return Files.isSameFile(left, right);
		}
		catch (IOException ex) {
			// one of them is not there, and what is not there has no second name
			return false;
		}
	}

	/**
	 * Return where a path leads whose last name is a link, be there a file or not.
	 * @param path a path
	 * @return the path behind all links in a row
	 */
	public static Path behindLinks(Path path) {
		Path found = path;
		try {
			for (int i = 0; i < MAX_LINKS && Files.isSymbolicLink(found); i++) {
				found = found.resolveSibling(Files.readSymbolicLink(found));
			}
		}
		catch (IOException ex) {
			// opening the file will show what is wrong with it
		}
		return found;
	}

	/**
	 * Return the directory a file is in, created if it doesn't exist.
	 * @param file the file
	 * @return the directory
	 * @throws IOException if it can't be created
	 */
	public static Path createDirectory(Path file) throws IOException {
		return Files.createDirectories(directory(file));
	}

	private static Path directory(Path file) {
		return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a directory");
	}

	/**
	 * Wait until the disk has the name of a file, so that it outlives a loss of power.
	 * @param file the file
	 */
	public static void syncDirectory(Path file) {
		try (FileChannel directory = FileChannel.open(directory(file), StandardOpenOption.READ)) {
			directory.force(true);
		}
		catch (IOException ex) {
			// Not every system opens directories
		}
	}

}
