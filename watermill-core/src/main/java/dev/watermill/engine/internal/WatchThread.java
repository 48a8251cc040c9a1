package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Samples once a second how every lane gets on that is at work: one thread for all of
 * them, which is there as long as there are any. Thread-safe.
 */
final class WatchThread {

	static final WatchThread SHARED = new WatchThread();

	private static final long BETWEEN_SAMPLES = Duration.ofSeconds(1).toNanos();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final List<LaneWatch> watches = new ArrayList<>();

	private @Nullable Thread thread;

	private WatchThread() {
	}

	void add(LaneWatch watch) {
		this.lock.lock();
		try {
			this.watches.add(watch);
			if (this.thread == null) {
				Thread started = new Thread(null, this::run, "watermill-watch", 0, false);
				started.setDaemon(true);
				// it outlives whoever starts the first mill
				started.setContextClassLoader(WatchThread.class.getClassLoader());
				this.thread = started;
				started.start();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	void remove(LaneWatch watch) {
		this.lock.lock();
		try {
			this.watches.remove(watch);
			if (this.watches.isEmpty()) {
				this.changed.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void run() {
		this.lock.lock();
		try {
			while (!this.watches.isEmpty()) {
				this.watches.forEach(LaneWatch::sample);
				this.changed.await(BETWEEN_SAMPLES, TimeUnit.NANOSECONDS);
			}
		}
		catch (InterruptedException ex) {
			// nobody's way to end it; the next mill to start begins another one
		}
		finally {
			this.thread = null;
			this.lock.unlock();
		}
	}

}
