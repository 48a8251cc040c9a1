package dev.watermill.broker.file;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What the name of a file says of its content.
 *
 * @param array whether the elements are those of one array, or one a line
 * @param gzip whether the file is compressed
 */
record FileFormat(boolean array, boolean gzip) {

	static final String NAMES = ".json, .jsonl or .ndjson, each also with .gz behind it";

	private static final String GZIP = ".gz";

	static Optional<FileFormat> of(Path path) {
		String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
		boolean gzip = name.endsWith(GZIP);
		String plain = gzip ? name.substring(0, name.length() - GZIP.length()) : name;
		if (plain.endsWith(".json")) {
			return Optional.of(new FileFormat(true, gzip));
		}
		if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
			return Optional.of(new FileFormat(false, gzip));
		}
		return Optional.empty();
	}

}
