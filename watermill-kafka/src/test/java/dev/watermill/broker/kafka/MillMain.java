package dev.watermill.broker.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import dev.watermill.Mill;
import dev.watermill.engine.MillListener;

/**
 * Runs a {@link MillSetup} as a process that can be told to stop, and can be killed. Ends
 * with its parent.
 */
public final class MillMain {

	private MillMain() {
	}

	public static void main(String[] args) throws InterruptedException {
		long up = System.nanoTime();
		Mill mill = MillSetup.of(List.of(args)).builder().listener(new MillListener() {

			private boolean first = true;

			@Override
			public void committed(long nanos) {
				if (this.first) {
					this.first = false;
					System.out.println(MillProcess.FIRST_COMMIT + (System.nanoTime() - up) / 1_000_000);
				}
			}

		}).build();
		listen(mill);
		mill.start();
		while (!mill.awaitEnd(Duration.ofHours(1))) {
			// its parent knows how long it may take
		}
		System.out.println(MillProcess.ENDED + mill.state() + ", " + mill.status());
		System.exit(0);
	}

	private static void listen(Mill mill) {
		Thread thread = new Thread(() -> {
			try {
				while (System.in.read() >= 0) {
					// whatever is written to it
					mill.stop();
				}
			}
			catch (IOException ex) {
				// the parent has ended
			}
			Runtime.getRuntime().halt(1);
		});
		thread.setDaemon(true);
		thread.start();
	}

}
