package dev.watermill.spring.mill;

import org.jspecify.annotations.Nullable;

/**
 * Whether mills may start now: closed while their application stops, and for good once it
 * closes, whoever starts them. A mill asks with its own lock held, so one that passed
 * before the gate was closed is there to be stopped. Thread-safe.
 */
final class StartGate {

	private volatile @Nullable String refusal;

	private boolean closedForGood;

	synchronized void open() {
		if (!this.closedForGood) {
			this.refusal = null;
		}
	}

	synchronized void close(String reason) {
		if (!this.closedForGood) {
			this.refusal = reason;
		}
	}

	synchronized void closeForGood(String reason) {
		close(reason);
		this.closedForGood = true;
	}

	/**
	 * Check that a mill may start.
	 * @throws IllegalStateException if it may not
	 */
	void check(String mill) {
		String reason = this.refusal;
		if (reason != null) {
			throw new IllegalStateException("The mill '" + mill + "' can't start: " + reason);
		}
	}

}
