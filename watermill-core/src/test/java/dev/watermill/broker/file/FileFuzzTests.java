package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import dev.watermill.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills that read bytes which are nearly right, 20,000 times: never a hang, an error for
 * lack of memory in 128 MB, an exception that does not say where, or an element that is
 * not accounted for. {@code -Dfuzz.runs=1000000} tries more, {@code -Dfuzz.seed} others.
 */
class FileFuzzTests {

	@TempDir
	private Path directory;

	/**
	 * A directory in memory, where there is one: files are written 40,000 times.
	 */
	private Path fast() throws IOException {
		Path memory = Path.of("/dev/shm");
		return Files.isWritable(memory) ? Files.createTempDirectory(memory, "fuzz") : this.directory;
	}

	@Test
	void joinsWhatIsNearlyRight() throws Exception {
		Path files = fast();
		Process process = JavaProcess.start(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
				FileFuzz.class, Long.getLong("fuzz.seed", 0), Long.getLong("fuzz.runs", 20_000), files);
		String output = JavaProcess.outputOf(process);
		try (Stream<Path> written = Files.walk(files)) {
			for (Path file : written.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
		assertThat(output).endsWith("right\n");
	}

}
