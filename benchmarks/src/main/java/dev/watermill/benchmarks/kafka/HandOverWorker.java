package dev.watermill.benchmarks.kafka;

import java.io.IOException;
import java.nio.file.Path;

import dev.watermill.benchmarks.kafka.HandOverContestant.Run;

/**
 * An instance of an application, which stops cleanly when it is told to, and ends with
 * its parent.
 *
 * @since 0.1.0
 */
public final class HandOverWorker {

	private HandOverWorker() {
	}

	/**
	 * Run the instance.
	 * @param args the contestant, and what it works on
	 * @throws Exception if it does not work
	 */
	public static void main(String[] args) throws Exception {
		AutoCloseable work = HandOverContestant.valueOf(args[0])
			.start(new Run(args[1], args[2], args[3], args[4], args[5], Path.of(args[6])));
		if (isTold()) {
			work.close();
		}
		Runtime.getRuntime().halt(0);
	}

	private static boolean isTold() {
		try {
			return System.in.read() >= 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
