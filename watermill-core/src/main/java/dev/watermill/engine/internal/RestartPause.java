package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The time until what failed is started again, which others may cut short. Thread-safe;
 * one thread waits.
 */
final class RestartPause {

	private final Semaphore ends = new Semaphore(0);

	private volatile boolean on;

	/**
	 * A pause is about to begin: from now on others may end it.
	 */
	void begin() {
		this.ends.drainPermits();
		this.on = true;
	}

	/**
	 * Wait until the pause has passed, or somebody has ended it.
	 * @param interrupted what to do if the thread is interrupted, before it waits on
	 */
	void await(Duration pause, Runnable interrupted) {
		long end = System.nanoTime() + pause.toNanos();
		while (true) {
			try {
				this.ends.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
				return;
			}
			catch (InterruptedException ex) {
				interrupted.run();
			}
		}
	}

	/**
	 * End the pause, if there is one.
	 */
	void end() {
		this.ends.release();
	}

	/**
	 * Whether there is a pause, or what follows it has yet to begin.
	 */
	boolean isOn() {
		return this.on;
	}

	/**
	 * What follows the pause has begun.
	 */
	void over() {
		this.on = false;
	}

}
