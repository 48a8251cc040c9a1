package dev.watermill.spring.inputs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.watermill.engine.MillState;
import org.jspecify.annotations.Nullable;

/**
 * What is right for an input.
 *
 * @param state the state in which the mill ends
 * @param results the lines of its output
 * @param says what it tells its user
 */
record Expected(@Nullable MillState state, List<String> results, List<String> says) {

	/**
	 * Whether the application is not to start.
	 */
	boolean isRefused() {
		return this.state == null;
	}

	static Expected read(Path file) throws IOException {
		List<String> lines = Files.readAllLines(file);
		String state = values(lines, "state: ").findFirst().orElseThrow();
		return new Expected(state.equals("REFUSED") ? null : MillState.valueOf(state),
				values(lines, "result: ").map((text) -> "{\"text\":\"" + text + "\"}").toList(),
				values(lines, "says: ").toList());
	}

	private static Stream<String> values(List<String> lines, String name) {
		return lines.stream().filter((line) -> line.startsWith(name)).map((line) -> line.substring(name.length()));
	}

}
