package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import dev.watermill.broker.lock.internal.RealPath;

/**
 * All files of a directory whose names are like a pattern: {@code *} stands for any
 * characters and {@code ?} for one. Their order is that of their names, by code point.
 *
 * @param file the pattern, as its user wrote it
 */
record FilePattern(BoundFile file) {

	private static final Comparator<Path> BY_NAME = (left, right) -> compare(name(left), name(right));

	/**
	 * Whether a file is a pattern, and no file of that very name is there.
	 */
	static boolean is(BoundFile file) {
		return isPattern(file.path().toString()) && !Files.exists(file.path());
	}

	static boolean isPattern(String name) {
		return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
	}

	static String name(Path path) {
		return String.valueOf(path.getFileName());
	}

	/**
	 * Compare texts by code point.
	 */
	static int compare(String left, String right) {
		int[] leftPoints = left.codePoints().toArray();
		int[] rightPoints = right.codePoints().toArray();
		return Arrays.compare(leftPoints, rightPoints);
	}

	/**
	 * Whether a file is one of these, or would be if it was there.
	 * @param real the real path of the file
	 */
	boolean includes(Path real) {
		Path pattern = this.file.resource();
		Path directory = pattern.getParent();
		if (directory == null || isPattern(directory.toString())) {
			return false;
		}
		boolean alike = directory.equals(real.getParent())
				&& directory.getFileSystem().getPathMatcher("glob:" + glob(pattern)).matches(real.getFileName());
		// A link among the files may lead elsewhere
		return alike || files().stream().anyMatch((each) -> RealPath.areOne(RealPath.of(each), real));
	}

	private static String glob(Path path) {
		return name(path).replaceAll("[\\[\\]{}\\\\]", "\\\\$0");
	}

	/**
	 * Return the files that are there now, in their order.
	 */
	List<Path> files() {
		Path path = this.file.path();
		Path directory = (path.getParent() != null) ? path.getParent() : Path.of("");
		if (isPattern(directory.toString())) {
			throw this.file
				.failure("has a pattern in the name of a directory. Expected one in the name of the file only.", null);
		}
		List<Path> files = new ArrayList<>();
		if (Files.isDirectory(directory)) {
			try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, glob(path))) {
				found.forEach((each) -> {
					if (!Files.isDirectory(each)) {
						files.add(each);
					}
				});
			}
			catch (IOException ex) {
				throw this.file.unreadable(ex);
			}
		}
		files.sort(BY_NAME);
		return files;
	}

}
