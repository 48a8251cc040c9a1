package dev.watermill.broker.file;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The file a stream is bound to.
 *
 * @param stream the name of the stream
 * @param path the file, as its user wrote it
 * @param format what is in it
 * @param overwrite whether it may be replaced although no checkpoint names it
 */
record BoundFile(String stream, Path path, FileFormat format, boolean overwrite) {

	static BoundFile of(StreamDefinition<?> definition) {
		Map<String, String> properties = definition.properties();
		String file = properties.getOrDefault(JsonFileBroker.FILE_PROPERTY, "").trim();
		if (file.isEmpty()) {
			throw new BrokerException("The stream '" + definition.name() + "' has no file. Set its property '"
					+ JsonFileBroker.FILE_PROPERTY + "' to the path of one.");
		}
		Path path = path(definition.name(), file);
		FileFormat format = FileFormat.of(path)
			.orElseThrow(() -> new BrokerException("The stream '" + definition.name() + "' is bound to the file '"
					+ file + "', whose name doesn't say what is in it. Expected a name that ends with "
					+ FileFormat.NAMES + "."));
		return new BoundFile(definition.name(), path, format,
				Boolean.parseBoolean(properties.get(JsonFileBroker.OVERWRITE_PROPERTY)));
	}

	private static Path path(String stream, String file) {
		try {
			return Path.of(file);
		}
		catch (InvalidPathException ex) {
			throw new BrokerException("The stream '" + stream + "' is bound to '" + file
					+ "', which is no path of a file: " + ex.getReason(), ex);
		}
	}

	/**
	 * Return what makes two paths the same file, whether it exists yet or not.
	 */
	Path resource() {
		return RealPath.of(this.path);
	}

	/**
	 * Return where the file itself is: behind links that stand in its place.
	 */
	Path target() {
		return RealPath.behindLinks(this.path);
	}

	/**
	 * Whether this is no file that lies somewhere, but what one process hands to another.
	 */
	boolean isPipe() {
		return Files.exists(this.path) && !Files.isRegularFile(this.path) && !Files.isDirectory(this.path);
	}

	InputStream open() throws IOException {
		InputStream in = new FileInputStream(this.path.toFile());
		return this.format.gzip() ? new GzipMembers(in) : in;
	}

	void requireReadable() {
		if (!Files.exists(this.path)) {
			throw failure("does not exist. Put it there, or correct its path (the working directory is "
					+ Path.of("").toAbsolutePath() + ").", null);
		}
		requireNoDirectory();
		if (!Files.isReadable(this.path)) {
			throw failure("can't be read: permission denied. Let the user of this process read it.", null);
		}
	}

	void requireNoDirectory() {
		if (Files.isDirectory(this.path)) {
			throw failure("is a directory. Expected a file.", null);
		}
	}

	String location() {
		return "file " + this.path;
	}

	BrokerException failure(String problem, @Nullable Throwable cause) {
		return failure(this.path, problem, cause);
	}

	BrokerException failure(Path file, String problem, @Nullable Throwable cause) {
		return new BrokerException("Stream '" + this.stream + "': the file " + file + " " + problem, cause);
	}

	BrokerException unreadable(IOException cause) {
		return failure("can't be read: " + detail(cause) + ". Restore it, then start the mill again: it goes on from "
				+ "its last commit.", cause);
	}

	/**
	 * Say that a file is damaged, cut off or not what it has to be, or can't be read on
	 * for another reason.
	 * @param count how many elements stand before that
	 */
	BrokerException unreadable(long count, IOException cause) {
		return failure("can't be read" + ((count > 0) ? " on behind " + count + " elements: " : ": ") + detail(cause)
				+ ((cause instanceof WrongFormatException) ? ". Correct that" : ". Restore it")
				+ ", then start the mill again: it goes on from its last commit.", cause);
	}

	BrokerException unwritable(Path file, IOException cause) {
		return failure(file,
				"can't be written: " + detail(cause)
						+ ". Make room or give permission, then start the mill again: it goes on from its last commit.",
				cause);
	}

	private static String detail(IOException cause) {
		return (cause.getMessage() != null) ? cause.getMessage() : cause.getClass().getSimpleName();
	}

}
