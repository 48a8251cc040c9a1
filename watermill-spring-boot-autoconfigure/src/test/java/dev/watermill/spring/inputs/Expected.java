package dev.watermill.spring.inputs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.watermill.engine.MillState;

/**
 * What is right for an input.
 *
 * @param state the state in which the mill ends
 * @param results the lines of its output
 * @param says what it tells its user
 */
record Expected(MillState state, List<String> results, List<String> says) {

	static Expected read(Path file) throws IOException {
		List<String> lines = Files.readAllLines(file);
		return new Expected(MillState.valueOf(values(lines, "state: ").findFirst().orElseThrow()),
				values(lines, "result: ").map((text) -> "{\"text\":\"" + text + "\"}").toList(),
				values(lines, "says: ").toList());
	}

	private static Stream<String> values(List<String> lines, String name) {
		return lines.stream().filter((line) -> line.startsWith(name)).map((line) -> line.substring(name.length()));
	}

}
