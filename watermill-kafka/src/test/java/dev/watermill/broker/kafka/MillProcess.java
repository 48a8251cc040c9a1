package dev.watermill.broker.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A mill in a JVM of its own.
 */
final class MillProcess implements AutoCloseable {

	static final String FIRST_COMMIT = "first commit after ms: ";

	static final String ENDED = "ended: ";

	private final Path log;

	private final Process process;

	private MillProcess(Path log, Process process) {
		this.log = log;
		this.process = process;
	}

	static MillProcess start(MillSetup setup, Path directory) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
		command.add(MillMain.class.getName());
		command.addAll(List.of(setup.toArguments()));
		Path log = Files.createTempFile(directory, "mill", ".log");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
		// as a variable, since it may be too long for an argument
		builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
		return new MillProcess(log, builder.start());
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Return how many milliseconds after its start the mill has committed first.
	 */
	OptionalLong firstCommit() {
		return output().lines()
			.filter((line) -> line.startsWith(FIRST_COMMIT))
			.mapToLong((line) -> Long.parseLong(line.substring(FIRST_COMMIT.length())))
			.findFirst();
	}

	/**
	 * Wait for a while, in which the mill must not end.
	 */
	void livesFor(Duration duration) throws InterruptedException {
		assertThat(this.process.waitFor(duration.toMillis(), TimeUnit.MILLISECONDS))
			.as("the mill ends by itself: %s", this)
			.isFalse();
	}

	/**
	 * Wait for the end of the mill.
	 * @return how it ended
	 */
	String awaitEnd(Duration timeout) throws InterruptedException {
		assertThat(this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)).as("end of %s", this).isTrue();
		return output();
	}

	/**
	 * Send a SIGKILL.
	 */
	void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	/**
	 * Tell the mill to stop, which it does when it can. One that has ended is left alone.
	 */
	void stop() {
		try {
			this.process.getOutputStream().write('\n');
			this.process.getOutputStream().flush();
		}
		catch (IOException ex) {
			assertThat(this.process.isAlive()).as("%s can't be told", this).isFalse();
		}
	}

	/**
	 * How the mill ended.
	 */
	Optional<String> end() {
		return output().lines().filter((line) -> line.startsWith(ENDED)).findFirst();
	}

	/**
	 * Send another signal.
	 */
	void signal(String signal) throws IOException, InterruptedException {
		Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(this.process.pid())).inheritIO().start();
		assertThat(kill.waitFor()).isZero();
	}

	/**
	 * Have it say what each of its threads is at, unless it has ended.
	 */
	void dumpThreads() throws IOException, InterruptedException {
		if (isAlive()) {
			signal("QUIT");
			// behind the threads comes the heap
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> !isAlive() || output().contains("Full thread dump") && output().contains("Heap"));
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	@Override
	public String toString() {
		return "mill " + this.process.pid() + " that says: " + output();
	}

}
