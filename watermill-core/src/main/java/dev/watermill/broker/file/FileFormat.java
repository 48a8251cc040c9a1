package dev.watermill.broker.file;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import dev.watermill.stream.RecordFact;

/**
 * What is in a file, by its name or by what its user says.
 *
 * @param layout how the elements stand
 * @param path the names of the fields that lead to the array, empty if it is not within
 * an object
 * @param gzip whether the file is compressed
 */
record FileFormat(Layout layout, List<String> path, boolean gzip) {

	static final String NAMES = ".json, .jsonl or .ndjson, each also with .gz behind it";

	private static final String GZIP = ".gz";

	/**
	 * Return what a file's name says.
	 */
	static Optional<FileFormat> of(Path path) {
		String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
		boolean gzip = name.endsWith(GZIP);
		String plain = gzip ? name.substring(0, name.length() - GZIP.length()) : name;
		if (plain.endsWith(".json")) {
			return Optional.of(new FileFormat(Layout.ARRAY, List.of(), gzip));
		}
		if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
			return Optional.of(new FileFormat(Layout.LINES, List.of(), gzip));
		}
		return Optional.empty();
	}

	/**
	 * Return what a file's user says.
	 */
	static FileFormat of(Path path, Layout layout, List<String> at) {
		String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
		return new FileFormat(layout, at, name.endsWith(GZIP));
	}

	/**
	 * Return the names of fields of a path: with a slash before each (a JSON pointer), or
	 * with dots between them.
	 */
	static List<String> fields(String at) {
		if (at.startsWith("/")) {
			return Arrays.stream(at.substring(1).split("/", -1))
				.map((field) -> field.replace("~1", "/").replace("~0", "~"))
				.toList();
		}
		return at.isEmpty() ? List.of() : List.of(at.split("\\.", -1));
	}

	/**
	 * Whether each line is for itself.
	 */
	boolean lines() {
		return this.layout == Layout.LINES || this.layout == Layout.DEAD_LETTER;
	}

	/**
	 * What is known of elements besides them: of those that were records once, all of it.
	 */
	Set<RecordFact> recordFacts() {
		return (this.layout == Layout.DEAD_LETTER) ? EnumSet.allOf(RecordFact.class) : Set.of();
	}

	boolean array() {
		return this.layout == Layout.ARRAY;
	}

	/**
	 * How the elements stand in a file.
	 */
	enum Layout {

		LINES, ARRAY, CONCATENATED,

		/** Dead letters, a line each, that are read as the elements they were. */
		DEAD_LETTER;

		/**
		 * The word for it.
		 */
		String label() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
