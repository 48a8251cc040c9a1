package dev.watermill.broker.kafka;

import java.time.Duration;

/**
 * How many records a transaction of a lane may have. A quota of the brokers lets a
 * producer that has written much be silent for long, and a commit that is not answered in
 * time is done again from the start, with as many records: it would never end. So whoever
 * is slow writes less at a time. Used by one thread at a time.
 */
final class TransactionSize {

	private static final Duration QUICK = Duration.ofSeconds(1);

	private static final Duration SLOW = Duration.ofSeconds(5);

	/** By how much less is written after a commit that was not answered. */
	private static final int CUT = 8;

	private long most = Long.MAX_VALUE;

	/**
	 * Whether a transaction has as many records as it may.
	 */
	boolean isReached(long records) {
		return records >= this.most;
	}

	/**
	 * Note that a transaction was committed.
	 * @param records how many it had
	 * @param took how long the commit took
	 */
	void committed(long records, Duration took) {
		if (took.compareTo(QUICK) < 0) {
			this.most = (this.most > Long.MAX_VALUE / 2) ? Long.MAX_VALUE : this.most * 2;
		}
		else if (took.compareTo(SLOW) > 0) {
			cut(records, 2);
		}
	}

	/**
	 * Note that a commit was not answered.
	 * @param records how many the transaction had
	 */
	void unanswered(long records) {
		cut(records, CUT);
	}

	private void cut(long records, int by) {
		this.most = Math.max(1, Math.min(this.most, records) / by);
	}

}
