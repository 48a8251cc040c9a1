package dev.watermill.spring.vectors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

import tools.jackson.databind.JsonNode;

/**
 * Writes a stream to a file whose name says in which form.
 */
final class StreamFile {

	private StreamFile() {
	}

	static void write(Path file, JsonNode elements) throws IOException {
		String name = file.getFileName().toString();
		StringBuilder text = new StringBuilder();
		if (name.contains(".jsonl")) {
			elements.forEach((element) -> text.append(element).append('\n'));
		}
		else {
			text.append(elements);
		}
		try (OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(Files.newOutputStream(file))
				: Files.newOutputStream(file)) {
			out.write(text.toString().getBytes(StandardCharsets.UTF_8));
		}
	}

}
