package dev.watermill;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM of its own.
 */
public final class JavaProcess {

	private JavaProcess() {
	}

	/**
	 * Start a main class with the class path of this test.
	 */
	public static Process start(List<String> options, Class<?> main, Object... arguments) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		command.add("-cp");
		command.add(System.getProperty("java.class.path"));
		command.add(main.getName());
		for (Object argument : arguments) {
			command.add(argument.toString());
		}
		return new ProcessBuilder(command).redirectErrorStream(true).start();
	}

	/**
	 * Wait for the end of a process.
	 * @return what it printed
	 */
	public static String outputOf(Process process) throws IOException, InterruptedException {
		String output = new String(process.getInputStream().readAllBytes());
		process.waitFor();
		return output;
	}

}
