package com.acme.robots;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application in a process of its own, which ends with an exit code.
 */
class RobotsProcessTests {

	@TempDir
	Path directory;

	@Test
	void endsWithZeroWhenItsMillCompleted() throws Exception {
		assertThat(run("{\"time\":10,\"x\":3,\"y\":4}", "--watermill.exit-on-completion=true")).isZero();
		assertThat(this.directory.resolve("speed.json")).hasContent("[\n{\"time\":0,\"speed\":0.5}\n]");
	}

	@Test
	void endsWithOneWhenItsMillFailed() throws Exception {
		assertThat(run("{\"time\":\"late\"}", "--watermill.exit-on-completion=true")).isOne();
	}

	@Test
	void livesAsLongAsItsMill() throws Exception {
		// Nothing else keeps it alive, and nothing ends it but that its mill is over
		assertThat(run("{\"time\":10,\"x\":3,\"y\":4}")).isZero();
		assertThat(this.directory.resolve("speed.json")).exists();
	}

	private int run(String second, String... arguments) throws IOException, InterruptedException {
		Path locations = Files.writeString(this.directory.resolve("in.json"),
				"[{\"time\":0,\"x\":0,\"y\":0}," + second + "]");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
						"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
						RobotsApplication.class.getName(), "--spring.main.web-application-type=none",
						"--watermill.streams.robot-location.file=" + locations,
						"--watermill.streams.robot-location-next-step.file=" + locations,
						"--watermill.streams.robot-speed.file=" + this.directory.resolve("speed.json")));
		command.addAll(List.of(arguments));
		Path log = this.directory.resolve("log.txt");
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(Redirect.to(log.toFile()))
			.start();
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("end of the process: " + log).isTrue();
			return process.exitValue();
		}
		finally {
			process.destroyForcibly();
		}
	}

}
