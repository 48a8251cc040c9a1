package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells when a commit is due without reading the clock for every element: while elements
 * take less than a microsecond or so, it looks at every 64th only.
 */
final class CommitPacer {

	private static final int MOST_BETWEEN_LOOKS = 64;

	private static final long FORGETTABLE = Duration.ofDays(1).toNanos();

	private final long interval;

	/** A stretch of elements that took longer than this is looked at one by one. */
	private final long slow;

	private final LongSupplier ticker;

	private long lastCommit;

	private long lastLook;

	private int betweenLooks = 1;

	private int left = 1;

	CommitPacer(Duration interval, LongSupplier ticker) {
		this.interval = interval.toNanos();
		this.slow = this.interval / MOST_BETWEEN_LOOKS;
		this.ticker = ticker;
		this.lastCommit = ticker.getAsLong();
		this.lastLook = this.lastCommit;
	}

	/**
	 * Count an element.
	 * @return whether a commit is due
	 */
	boolean isDue() {
		if (--this.left > 0) {
			return false;
		}
		long now = this.ticker.getAsLong();
		this.betweenLooks = (now - this.lastLook > this.slow) ? 1 : Math.min(this.betweenLooks * 2, MOST_BETWEEN_LOOKS);
		this.left = this.betweenLooks;
		this.lastLook = now;
		return now - this.lastCommit >= this.interval;
	}

	/**
	 * Look at the clock now.
	 * @return whether a commit is due
	 */
	boolean isOver() {
		return this.ticker.getAsLong() - this.lastCommit >= this.interval;
	}

	/**
	 * Whether the last commit is so long ago that a broker might soon forget it, which
	 * some do a week after it although the mill runs.
	 * @return whether it is to be repeated, changed or not
	 */
	boolean isForgettable() {
		return this.ticker.getAsLong() - this.lastCommit >= FORGETTABLE;
	}

	void committed(long now) {
		this.lastCommit = now;
	}

}
