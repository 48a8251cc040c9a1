package dev.watermill.broker.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.watermill.broker.file.TestFiles.Content;
import tools.jackson.databind.JsonNode;

/**
 * Elements that are as long as they may be, and made to take as much memory as they can.
 */
final class LargestElements {

	private static final int SIZE = 16 * 1024 * 1024 - 100;

	private static final int SOME = 8 * 1024;

	private LargestElements() {
	}

	/**
	 * Read each between two elements, of lines and of an array.
	 * @return what went wrong, empty if nothing did
	 */
	static String read(Path directory) throws IOException {
		for (List<String> parts : List.of(List.of("[", "{},", "1]"), List.of("", "[", ""), List.of("", "9", ""),
				List.of("\"[", "{},", "1]\""))) {
			for (boolean array : new boolean[] { true, false }) {
				Path file = directory.resolve(array ? "large.json" : "large.jsonl");
				write(file, array, parts);
				Content content = TestFiles.tryToRead(TestFiles.source(file, JsonNode.class, 128 * 1024), null)
					.content();
				// brackets without an end are all there is in an array
				boolean endless = array && parts.get(1).equals("[");
				if (content.elements().size() != (endless ? 1 : 3)) {
					return parts + " in " + file.getFileName() + ": found " + content.elements().size();
				}
			}
		}
		return "";
	}

	private static void write(Path file, boolean array, List<String> parts) throws IOException {
		try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
			out.write((array ? "[1,\n" : "1\n").getBytes(StandardCharsets.UTF_8));
			out.write(parts.get(0).getBytes(StandardCharsets.UTF_8));
			// thousands at once: it would take half of the fuzzer's time
			int length = parts.get(1).length();
			byte[] some = parts.get(1).repeat(SOME).getBytes(StandardCharsets.UTF_8);
			for (int left = SIZE / length * length; left > 0; left -= some.length) {
				out.write(some, 0, Math.min(left, some.length));
			}
			out.write(parts.get(2).getBytes(StandardCharsets.UTF_8));
			out.write((array ? ",\n2]" : "\n2\n").getBytes(StandardCharsets.UTF_8));
		}
	}

}
