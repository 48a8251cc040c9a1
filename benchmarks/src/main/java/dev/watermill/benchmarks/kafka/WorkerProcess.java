package dev.watermill.benchmarks.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A contestant in a JVM of its own, which lives for several runs: what one of them warms
 * up or leaves behind is its own.
 */
final class WorkerProcess implements AutoCloseable {

	private final Contestants contestant;

	private final Process process;

	private final PrintStream commands;

	private final BufferedReader answers;

	WorkerProcess(Contestants contestant, String bootstrapServers, String classPath, List<String> jvmOptions) {
		this.contestant = contestant;
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"));
		command.addAll(jvmOptions);
		command.addAll(List.of("-cp", classPath, Worker.class.getName(), contestant.name(), bootstrapServers));
		try {
			this.process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.commands = new PrintStream(this.process.getOutputStream(), true, StandardCharsets.UTF_8);
		this.answers = new BufferedReader(new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
	}

	/**
	 * Begin a run, and wait until it is ready for elements.
	 */
	void begin(Task task) {
		this.commands.println(task.toLine());
		await(Worker.READY);
	}

	/**
	 * Wait for the end of a run.
	 */
	Cost end() {
		String[] words = await(Worker.DONE).split(" ");
		return new Cost(Long.parseLong(words[1]), Long.parseLong(words[2]));
	}

	private String await(String word) {
		try {
			String line;
			while ((line = this.answers.readLine()) != null) {
				if (line.startsWith(word)) {
					return line;
				}
				System.out.println(line);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		throw new IllegalStateException(this.contestant + " ended");
	}

	@Override
	public void close() {
		this.commands.close();
		this.process.destroy();
	}

	/**
	 * What a run took.
	 *
	 * @param nanos how long it was
	 * @param cpuNanos the CPU time of the process
	 */
	record Cost(long nanos, long cpuNanos) {

	}

}
