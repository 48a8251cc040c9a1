package dev.watermill.benchmarks.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An instance of an application as its parent sees it: a JVM that is started again and
 * again.
 */
final class HandOverInstance implements AutoCloseable {

	private final String name;

	private final ProcessBuilder builder;

	private Process process;

	HandOverInstance(HandOverContestant contestant, String bootstrapServers, String id, String data, String output,
			String name) {
		this.name = name;
		try {
			this.builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
					System.getProperty("java.class.path"), HandOverWorker.class.getName(), contestant.name(),
					bootstrapServers, id, data, output, name, Files.createTempDirectory("hand-over").toString())
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.redirectOutput(ProcessBuilder.Redirect.INHERIT);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String name() {
		return this.name;
	}

	void start() {
		try {
			this.process = this.builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Tell it to stop. Returns at once.
	 */
	void stop() {
		try {
			this.process.getOutputStream().write('\n');
			this.process.getOutputStream().flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Send a SIGKILL. Returns at once.
	 */
	void kill() {
		this.process.destroyForcibly();
	}

	void awaitEnd() throws InterruptedException {
		if (!this.process.waitFor(2, TimeUnit.MINUTES)) {
			throw new IllegalStateException(this.name + " does not end");
		}
	}

	@Override
	public void close() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

	static List<String> names(List<HandOverInstance> instances) {
		return List.copyOf(instances.stream().map(HandOverInstance::name).toList());
	}

}
