package dev.watermill;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Long streams in a small heap, in a process of their own.
 * {@code -Dmemory.elements=10000000} takes longer ones of those of which few elements
 * match.
 */
class ConstantMemoryTests {

	private static final int ELEMENTS = 5_000_000;

	private static final int SPARSE_ELEMENTS = Integer.getInteger("memory.elements", 1_000_000);

	private static final List<String> SMALL_HEAP = List.of("-Xmx64m", "-XX:+UseSerialGC");

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "first", "many", "deep", "window", "hopping", "near", "unmatched" })
	void joinsFiveMillionElementsWithThemselvesInASmallHeap(String mode) throws IOException, InterruptedException {
		Process process = JavaProcess.start(SMALL_HEAP, SelfJoin.class, mode, ELEMENTS);
		assertThat(JavaProcess.outputOf(process).lines().toList()).endsWith("COMPLETED");
		assertThat(process.exitValue()).isZero();
	}

	@Test
	void joinsAFileOfFiveMillionElementsWithItselfInASmallHeap() throws IOException, InterruptedException {
		Path locations = this.directory.resolve("locations.json");
		try (BufferedWriter writer = Files.newBufferedWriter(locations)) {
			for (int i = 0; i < ELEMENTS; i++) {
				writer.write(((i == 0) ? "[" : ",") + "{\"time\":" + i * 10L + ",\"x\":" + i % 1000 + ",\"y\":1}\n");
			}
			writer.write("]");
		}
		Path speeds = this.directory.resolve("speeds.json");
		Process process = JavaProcess.start(SMALL_HEAP, FileSelfJoin.class, locations, speeds, 100, 0);
		assertThat(JavaProcess.outputOf(process).lines().toList()).endsWith("COMPLETED");
		try (var lines = Files.lines(speeds)) {
			// one a line, and the two brackets
			assertThat(lines.count()).isEqualTo(ELEMENTS - 1 + 2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "once", "window", "deep" })
	void holdsNothingButTheElementsThatAreHeld(String mode) throws IOException, InterruptedException {
		assertHoldsLittle(SparseJoin.class, mode, SPARSE_ELEMENTS);
	}

	@Test
	void holdsNothingButTheElementsThatAreHeldOfFiles() throws IOException, InterruptedException {
		for (Map.Entry<String, Integer> step : Map.of("parent", SparseJoin.ONE_IN, "child", 1).entrySet()) {
			try (BufferedWriter writer = Files.newBufferedWriter(this.directory.resolve(step.getKey() + ".jsonl"))) {
				for (int i = 0; i < SPARSE_ELEMENTS; i += step.getValue()) {
					writer.write("{\"time\":" + i + ",\"load\":[1,2,3]}\n");
				}
			}
		}
		assertHoldsLittle(SparseJoin.class, "files", SPARSE_ELEMENTS, this.directory);
	}

	private static void assertHoldsLittle(Class<?> main, Object... arguments) throws IOException, InterruptedException {
		Process process = JavaProcess.start(SMALL_HEAP, main, arguments);
		List<String> output = JavaProcess.outputOf(process).lines().toList();
		System.out.println(arguments[0] + ": " + output);
		assertThat(output).endsWith("COMPLETED");
		assertThat(process.exitValue()).isZero();
	}

}
