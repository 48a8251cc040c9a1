package dev.watermill.broker.file;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Fuzzes mills that read files, in a heap of its own: prints what went wrong with its
 * seed, and ends with 1; or with 2 if a run does not end.
 */
public final class FileFuzz {

	private static final long PATIENCE = 60_000_000_000L;

	private FileFuzz() {
	}

	public static void main(String[] arguments) throws Exception {
		long first = Long.parseLong(arguments[0]);
		long count = Long.parseLong(arguments[1]);
		Path directory = Path.of(arguments[2]);
		AtomicLong now = new AtomicLong(first);
		AtomicLong since = new AtomicLong(System.nanoTime());
		Thread runner = Thread.currentThread();
		Thread watch = new Thread(() -> watch(runner, now, since), "watch");
		watch.setDaemon(true);
		String large = LargestElements.read(directory);
		if (!large.isEmpty()) {
			System.out.println(large);
			System.exit(1);
		}
		since.set(System.nanoTime());
		watch.start();
		for (long seed = first; seed < first + count; seed++) {
			now.set(seed);
			since.set(System.nanoTime());
			FuzzRun run = new FuzzRun(seed, directory);
			try {
				run.run();
			}
			catch (Throwable ex) {
				System.out.println(ex + "\n" + run);
				ex.printStackTrace(System.out);
				System.exit(1);
			}
		}
		System.out.println("all " + count + " right");
	}

	private static void watch(Thread runner, AtomicLong seed, AtomicLong since) {
		try {
			while (System.nanoTime() - since.get() < PATIENCE) {
				Thread.sleep(1000);
			}
			System.out.println("seed " + seed + " does not end");
			for (StackTraceElement element : runner.getStackTrace()) {
				System.out.println("\tat " + element);
			}
			Runtime.getRuntime().halt(2);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
