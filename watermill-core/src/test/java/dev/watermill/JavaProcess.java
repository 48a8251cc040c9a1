package dev.watermill;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM of its own.
 */
public final class JavaProcess {

	/** What is printed where the system lets nobody have a disk of its own. */
	public static final String NO_DISK = "No disk of its own";

	private static final String ON_A_DISK = """
			unshare --user --map-root-user --mount true || { echo %s; exit; }
			exec unshare --user --map-root-user --mount sh -c '
				mount -t tmpfs -o size="$0" none "$1" || { echo %s; exit; }
				shift
				exec "$@"
			' "$0" "$@"
			""";

	private JavaProcess() {
	}

	/**
	 * Start a main class with the class path of this test.
	 */
	public static Process start(List<String> options, Class<?> main, Object... arguments) throws IOException {
		return start(command(options, main, arguments));
	}

	/**
	 * Start a main class with a small disk, in memory, that only this process sees.
	 * @param disk a directory, in whose place the disk is
	 * @param size its size, as {@code mount} takes it
	 */
	public static Process startOnDisk(Path disk, String size, List<String> options, Class<?> main, Object... arguments)
			throws IOException {
		List<String> command = new ArrayList<>(
				List.of("sh", "-c", ON_A_DISK.formatted(NO_DISK, NO_DISK), size, disk.toString()));
		command.addAll(command(options, main, arguments));
		return start(command);
	}

	private static Process start(List<String> command) throws IOException {
		return new ProcessBuilder(command).redirectErrorStream(true).start();
	}

	private static List<String> command(List<String> options, Class<?> main, Object... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		command.add("-cp");
		command.add(System.getProperty("java.class.path"));
		command.add(main.getName());
		for (Object argument : arguments) {
			command.add(argument.toString());
		}
		return command;
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
