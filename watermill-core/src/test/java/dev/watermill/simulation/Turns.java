package dev.watermill.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Lets one thread of many go on at a time, until it comes to where it has to wait for its
 * turn again. All threads of one group are looked after: the next turn is given when each
 * of them waits, be it for a turn or for another thread.
 */
final class Turns {

	private static final Duration TOO_LONG = Duration.ofSeconds(20);

	private static final long BETWEEN_LOOKS = 60_000;

	private static final long REST = 200_000;

	private final ThreadGroup group;

	private final Thread giver = Thread.currentThread();

	private final List<Turn> waiting = new ArrayList<>();

	/** The turn that was given, as long as nobody has taken it. */
	private @Nullable Turn given;

	private volatile boolean over;

	private Thread[] threads = new Thread[32];

	/**
	 * Look after the group of the current thread, which gives the turns.
	 */
	Turns() {
		this.group = Thread.currentThread().getThreadGroup();
	}

	/**
	 * Wait for a turn. To be interrupted changes nothing.
	 * @param instance whose turn it is
	 * @param step what comes next
	 */
	void await(int instance, String step) {
		if (this.over) {
			return;
		}
		Turn turn = new Turn(instance, Thread.currentThread(), step);
		synchronized (this) {
			this.waiting.add(turn);
		}
		LockSupport.unpark(this.giver);
		boolean interrupted = false;
		while (!turn.isGiven && !this.over) {
			LockSupport.park(this);
			interrupted |= Thread.interrupted();
		}
		synchronized (this) {
			this.waiting.remove(turn);
			if (this.given == turn) {
				this.given = null;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Wait until all threads wait.
	 * @return those that wait for a turn, in an order that does not depend on who came
	 * first
	 */
	List<Turn> settle() {
		long since = System.nanoTime();
		while (true) {
			if (isSettled()) {
				Thread.yield();
				if (isSettled()) {
					return waiting();
				}
			}
			LockSupport.parkNanos(this, BETWEEN_LOOKS);
			if (System.nanoTime() - since > TOO_LONG.toNanos()) {
				throw new IllegalStateException("a thread works for " + TOO_LONG + ": " + describe());
			}
		}
	}

	private synchronized boolean isSettled() {
		if (this.given != null) {
			return false;
		}
		int count = this.group.enumerate(this.threads);
		while (count == this.threads.length) {
			this.threads = new Thread[count * 2];
			count = this.group.enumerate(this.threads);
		}
		for (int i = 0; i < count; i++) {
			Thread.State state = this.threads[i].getState();
			if (state == Thread.State.RUNNABLE && this.threads[i] != this.giver && !isWaiting(this.threads[i])) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether a thread has come to where it waits, though it may be yet to park there.
	 */
	private boolean isWaiting(Thread thread) {
		for (Turn turn : this.waiting) {
			if (turn.thread == thread) {
				return true;
			}
		}
		return false;
	}

	private synchronized List<Turn> waiting() {
		List<Turn> turns = new ArrayList<>(this.waiting);
		turns.sort(Comparator.comparing(Turn::toString));
		return turns;
	}

	/**
	 * Wait a moment, since nobody waits for a turn who could go on.
	 */
	void rest() {
		LockSupport.parkNanos(this, REST);
	}

	/**
	 * Give a turn.
	 */
	void give(Turn turn) {
		synchronized (this) {
			this.given = turn;
			turn.isGiven = true;
		}
		LockSupport.unpark(turn.thread);
	}

	/**
	 * From now on nobody waits.
	 */
	void end() {
		this.over = true;
		synchronized (this) {
			this.waiting.forEach((turn) -> LockSupport.unpark(turn.thread));
		}
	}

	/**
	 * Wait until all threads have ended.
	 */
	void awaitEnd() throws InterruptedException {
		Thread[] left = new Thread[this.group.activeCount() + 16];
		int count = this.group.enumerate(left);
		for (int i = 0; i < count; i++) {
			if (left[i] != this.giver) {
				left[i].join(TOO_LONG.toMillis());
				if (left[i].isAlive()) {
					throw new IllegalStateException(left[i].getName() + " does not end: " + describe());
				}
			}
		}
	}

	/**
	 * Where all threads are.
	 */
	String describe() {
		StringBuilder text = new StringBuilder();
		Thread[] all = new Thread[this.group.activeCount() + 16];
		int count = this.group.enumerate(all);
		for (int i = 0; i < count; i++) {
			if (all[i] != this.giver) {
				text.append("\n  ").append(all[i].getName()).append(' ').append(all[i].getState());
				for (StackTraceElement frame : all[i].getStackTrace()) {
					text.append("\n      ").append(frame);
				}
			}
		}
		return text.toString();
	}

	/**
	 * A thread that waits for its turn.
	 */
	static final class Turn {

		private final int instance;

		private final Thread thread;

		private final String step;

		private final String text;

		private volatile boolean isGiven;

		Turn(int instance, Thread thread, String step) {
			this.instance = instance;
			this.thread = thread;
			this.step = step;
			this.text = instance + " " + thread.getName() + " " + step;
		}

		int instance() {
			return this.instance;
		}

		/**
		 * Whether it is that of a lane, and not of what hears of lanes.
		 */
		boolean isOfALane() {
			return !this.step.equals(SimulatedInstance.HEARTBEAT);
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
