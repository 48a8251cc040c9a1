package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.watermill.JavaProcess;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills whose disk is full, a real one: a small one in memory that only a process of its
 * own sees. Where the system lets nobody have one (user namespaces of Linux) this is
 * skipped.
 */
class FullDiskTests {

	@TempDir
	private Path directory;

	@Test
	void waitsForRoomAndGoesOnByItself() throws IOException, InterruptedException {
		Path disk = Files.createDirectory(this.directory.resolve("disk"));
		Process process = JavaProcess.startOnDisk(disk, "512k", List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
				FullDiskMain.class, disk, this.directory.resolve("in.jsonl"));
		String output = JavaProcess.outputOf(process);
		Assumptions.assumeFalse(output.contains(JavaProcess.NO_DISK), output);
		assertThat(output.lines().filter((line) -> line.startsWith("out"))).as(output)
			.hasSize(4)
			.allSatisfy((line) -> assertThat(line).contains("RUNNING waits for ", "No space left on device",
					"make room", "; then COMPLETED with all results"));
	}

}
