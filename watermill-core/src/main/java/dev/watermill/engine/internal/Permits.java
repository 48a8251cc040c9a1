package dev.watermill.engine.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets as many lanes of a mill work at once as it may on an instance: who comes first is
 * served first. Thread-safe.
 */
final class Permits {

	private final ReentrantLock lock = new ReentrantLock();

	/** Those who wait, in the order in which they came. */
	private final Deque<Ticket> queue = new ArrayDeque<>();

	private int free;

	/**
	 * Create permits.
	 * @param count how many lanes may work at once
	 */
	Permits(int count) {
		this.free = count;
	}

	/**
	 * Ask for a permit.
	 * @return a ticket, which has it, or will have it when it is its turn
	 */
	Ticket ask() {
		this.lock.lock();
		try {
			Ticket ticket = new Ticket(this.lock.newCondition());
			if (this.free > 0) {
				this.free--;
				ticket.granted = true;
			}
			else {
				this.queue.add(ticket);
			}
			return ticket;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Give a permit back, or a place in the queue up.
	 */
	void giveBack(Ticket ticket) {
		this.lock.lock();
		try {
			if (!ticket.granted) {
				this.queue.remove(ticket);
			}
			else if (this.queue.isEmpty()) {
				this.free++;
			}
			else {
				Ticket next = this.queue.remove();
				next.granted = true;
				next.changed.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Let all who wait see whether they still want to.
	 */
	void wake() {
		this.lock.lock();
		try {
			this.queue.forEach((ticket) -> ticket.changed.signalAll());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A place in the queue.
	 */
	final class Ticket {

		private final Condition changed;

		private boolean granted;

		private Ticket(Condition changed) {
			this.changed = changed;
		}

		boolean isGranted() {
			Permits.this.lock.lock();
			try {
				return this.granted;
			}
			finally {
				Permits.this.lock.unlock();
			}
		}

		/**
		 * Wait until it is granted, or somebody is woken.
		 * @param nanos how long at most
		 * @return whether it is granted
		 * @throws InterruptedException if the thread was interrupted
		 */
		boolean await(long nanos) throws InterruptedException {
			Permits.this.lock.lock();
			try {
				if (!this.granted) {
					this.changed.awaitNanos(nanos);
				}
				return this.granted;
			}
			finally {
				Permits.this.lock.unlock();
			}
		}

	}

}
