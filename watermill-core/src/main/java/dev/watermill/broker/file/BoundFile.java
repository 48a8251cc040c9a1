package dev.watermill.broker.file;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.lock.internal.FullDisk;
import dev.watermill.broker.lock.internal.RealPath;
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

	private static final String URL_PREFIX = "file:";

	static BoundFile of(StreamDefinition<?> definition) {
		Map<String, String> properties = definition.properties();
		String file = properties.getOrDefault(JsonFileBroker.FILE_PROPERTY, "").trim();
		if (file.isEmpty()) {
			throw new BrokerException("The stream '" + definition.name() + "' has no file. Set its property '"
					+ JsonFileBroker.FILE_PROPERTY + "' to the path of one.");
		}
		Path path = path(definition.name(), file);
		return new BoundFile(definition.name(), path, format(definition, file, path),
				Boolean.parseBoolean(properties.get(JsonFileBroker.OVERWRITE_PROPERTY)));
	}

	private static FileFormat format(StreamDefinition<?> definition, String file, Path path) {
		String format = definition.properties().getOrDefault(JsonFileBroker.FORMAT_PROPERTY, "").trim();
		List<String> at = FileFormat
			.fields(definition.properties().getOrDefault(JsonFileBroker.AT_PROPERTY, "").trim());
		Optional<FileFormat> named = FileFormat.of(path);
		if (format.isEmpty() && at.isEmpty()) {
			return named.orElseThrow(() -> new BrokerException("The stream '" + definition.name()
					+ "' is bound to the file '" + file
					+ "', whose name doesn't say what is in it. Expected a name that ends with " + FileFormat.NAMES
					+ ", or say it with the stream's property format: lines, array, concatenated or "
					+ "dead-letter."));
		}
		FileFormat.Layout layout = format.isEmpty() ? named.map(FileFormat::layout).orElse(FileFormat.Layout.ARRAY)
				: layout(definition.name(), format);
		if (!at.isEmpty() && (layout == FileFormat.Layout.LINES || layout == FileFormat.Layout.DEAD_LETTER)) {
			throw new BrokerException("The stream '" + definition.name() + "' is to be read from an array at '"
					+ String.join("/", at) + "', but the file '" + file + "' has the format " + layout.label()
					+ ". Remove the stream's "
					+ "property at, or set its format to array; or to concatenated, for one object with such an array "
					+ "behind the other.");
		}
		return FileFormat.of(path, layout, at);
	}

	private static FileFormat.Layout layout(String stream, String format) {
		for (FileFormat.Layout layout : FileFormat.Layout.values()) {
			if (layout.label().equalsIgnoreCase(format)) {
				return layout;
			}
		}
		throw new BrokerException("The stream '" + stream + "' has the format '" + format
				+ "', which is none. Expected lines, array, concatenated or dead-letter.");
	}

	private static Path path(String stream, String file) {
		try {
			return file.startsWith(URL_PREFIX) ? url(file) : Path.of(file);
		}
		catch (InvalidPathException ex) {
			throw new BrokerException("The stream '" + stream + "' is bound to '" + file
					+ "', which is no path of a file: " + ex.getReason(), ex);
		}
	}

	private static Path url(String file) {
		String path = file.substring(URL_PREFIX.length());
		try {
			return Path.of(URI.create(file));
		}
		catch (IllegalArgumentException | FileSystemNotFoundException ex) {
			// not absolute, or with characters that a URL would encode: as it is
			return Path.of(path.startsWith("//") ? path.substring(2) : path);
		}
	}

	/**
	 * Return what makes two paths the same file, whether it exists yet or not.
	 */
	Path resource() {
		return RealPath.of(this.path);
	}

	/**
	 * Whether this file is at a place, or is one of those of lanes that are there.
	 * @param resource the resource of a source or sink
	 */
	boolean isAt(Object resource) {
		return resource instanceof Path other
				&& (RealPath.areOne(resource(), other) || LaneFiles.areOf(other, resource()));
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
		return new BrokerException(message(file, problem), cause);
	}

	private String message(Path file, String problem) {
		return "Stream '" + this.stream + "': the file " + file + " " + problem;
	}

	BrokerException unreadable(IOException cause) {
		return unreadable(0, cause);
	}

	/**
	 * Say that a file is damaged, cut off or not what it has to be, or can't be read on
	 * for another reason.
	 * @param count how many elements stand before that
	 */
	BrokerException unreadable(long count, IOException cause) {
		return failure("can't be read" + ((count > 0) ? " on behind " + elements(count) : "") + ": " + detail(cause)
				+ ((cause instanceof WrongFormatException) ? ". Correct that" : ". Restore it")
				+ ", then start the mill again: it goes on from its last commit.", cause);
	}

	BrokerException unwritable(Path file, IOException cause) {
		return FullDisk.unwritable(message(file, "can't be written: " + detail(cause)), file, cause);
	}

	static String elements(long count) {
		return count + ((count == 1) ? " element" : " elements");
	}

	private static String detail(IOException cause) {
		return (cause.getMessage() != null) ? cause.getMessage() : cause.getClass().getSimpleName();
	}

}
