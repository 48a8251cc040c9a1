package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Paces the transactions of all lanes that commit to a cluster: only so many are being
 * committed at once, first come, first served. Its coordinators write one thing after
 * another, so more at once get done no sooner, and each of them takes longer.
 * Thread-safe.
 */
final class CommitTurns {

	private static final int AT_ONCE = 64;

	/** Pacing is no reason to stand still, as behind commits that are not answered. */
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

	private final Semaphore turns;

	private final Duration longestWait;

	CommitTurns() {
		this(AT_ONCE, LONGEST_WAIT);
	}

	/**
	 * Create turns.
	 * @param atOnce how many commit at once
	 * @param longestWait after which a lane commits all the same
	 */
	CommitTurns(int atOnce, Duration longestWait) {
		this.turns = new Semaphore(atOnce, true);
		this.longestWait = longestWait;
	}

	/**
	 * Commit when it is this one's turn.
	 */
	void commit(Runnable commit) {
		boolean taken = await();
		try {
			commit.run();
		}
		finally {
			if (taken) {
				this.turns.release();
			}
		}
	}

	private boolean await() {
		try {
			return this.turns.tryAcquire(this.longestWait.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			// whoever is to be ended finds that out in the commit
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
