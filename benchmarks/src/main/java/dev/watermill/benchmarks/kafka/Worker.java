package dev.watermill.benchmarks.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.sun.management.OperatingSystemMXBean;

/**
 * A contestant's process: does what it reads from its standard input, and ends with it.
 *
 * @since 0.1.0
 */
public final class Worker {

	static final String READY = "@ready";

	static final String DONE = "@done";

	private Worker() {
	}

	/**
	 * Run the worker.
	 * @param args the contestant and where Kafka is
	 * @throws IOException if the parent can't be read
	 */
	public static void main(String[] args) throws IOException {
		Contestant contestant = Contestants.valueOf(args[0]).create();
		OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		String line;
		while ((line = commands.readLine()) != null) {
			Task task = Task.parse(List.of(line.split(" ")));
			System.gc();
			long cpu = process.getProcessCpuTime();
			long start = System.nanoTime();
			try {
				contestant.run(args[1], task, () -> System.out.println(READY));
			}
			catch (Throwable ex) {
				ex.printStackTrace();
				System.exit(1);
			}
			long end = System.nanoTime();
			System.out.println(DONE + " " + (end - start) + " " + (process.getProcessCpuTime() - cpu));
		}
		// whatever is left of clients shall not outlive the parent
		System.exit(0);
	}

}
