package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Looks now and then at every lane that is at work: one thread for all of them, which is
 * there as long as there are any. It wakes up as often as the most urgent wants it, and
 * looks at all whose time has come by then. Thread-safe.
 */
final class WatchThread {

	static final WatchThread SHARED = new WatchThread();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final List<Entry> entries = new ArrayList<>();

	/** How long the thread sleeps. */
	private long step = Long.MAX_VALUE;

	private @Nullable Thread thread;

	private WatchThread() {
	}

	void add(Watched watched) {
		this.lock.lock();
		try {
			Entry entry = new Entry(watched);
			this.entries.add(entry);
			if (entry.every < this.step) {
				this.step = entry.every;
				this.changed.signalAll();
			}
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

	void remove(Watched watched) {
		this.lock.lock();
		try {
			this.entries.removeIf((entry) -> entry.watched == watched);
			if (this.entries.isEmpty()) {
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
			while (!this.entries.isEmpty()) {
				look(System.nanoTime());
				this.changed.await(this.step, TimeUnit.NANOSECONDS);
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

	private void look(long now) {
		long shortest = Long.MAX_VALUE;
		for (Entry entry : this.entries) {
			shortest = Math.min(shortest, entry.every);
			// those that are nearly due now would have the thread wake up once more
			if (now - entry.lookedAt >= entry.every - this.step / 2) {
				entry.lookedAt = now;
				entry.watched.look();
			}
		}
		this.step = shortest;
	}

	/**
	 * What is looked at.
	 */
	interface Watched {

		/**
		 * How often.
		 */
		Duration every();

		/**
		 * Look at it, without waiting for anybody.
		 */
		void look();

	}

	private static final class Entry {

		private final Watched watched;

		private final long every;

		private long lookedAt = System.nanoTime();

		Entry(Watched watched) {
			this.watched = watched;
			this.every = watched.every().toNanos();
		}

	}

}
