package dev.watermill.engine.internal;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is asked of a mill. Its lanes check it wherever they can do it. Thread-safe.
 */
final class MillWish {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private volatile Wish wish = Wish.STOP;

	Wish get() {
		return this.wish;
	}

	/**
	 * Whether the mill is not to go on.
	 */
	boolean isStop() {
		return this.wish.isStop;
	}

	/**
	 * Whether nothing may be committed any more.
	 */
	boolean isAbort() {
		return this.wish == Wish.ABORT;
	}

	void run() {
		change(Wish.RUN);
	}

	/**
	 * Wish a mill to pause that runs, but not one that is to stop.
	 */
	void pause() {
		change(Wish.RUN, Wish.PAUSE);
	}

	void resume() {
		change(Wish.PAUSE, Wish.RUN);
	}

	/**
	 * Wish it to stop, if it is not to end anyway.
	 */
	void stop() {
		this.lock.lock();
		try {
			if (this.wish != Wish.ABORT) {
				change(Wish.STOP);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	void abort() {
		change(Wish.ABORT);
	}

	private void change(Wish from, Wish to) {
		this.lock.lock();
		try {
			if (this.wish == from) {
				change(to);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void change(Wish to) {
		this.lock.lock();
		try {
			this.wish = to;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Let time pass until there may be another wish.
	 * @param same the wish so far; if it has changed already, this returns at once
	 * @param nanos how long at most
	 * @throws InterruptedException if the thread was interrupted
	 */
	void await(Wish same, long nanos) throws InterruptedException {
		this.lock.lock();
		try {
			if (this.wish == same) {
				this.changed.awaitNanos(nanos);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A wish.
	 */
	enum Wish {

		RUN(false), PAUSE(false), STOP(true), ABORT(true);

		private final boolean isStop;

		Wish(boolean isStop) {
			this.isStop = isStop;
		}

	}

}
