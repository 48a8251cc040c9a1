package dev.watermill.join.internal;

import dev.watermill.stream.SkipReason;

/**
 * How far elements that are held, and let go in their order, were in deliveries. A
 * delivery is of all from some element on to the last one, so it is enough to know where
 * it ended: of those before, all were in a delivery that succeeded, or failed. Elements
 * have numbers that stay the same, by which they are in order.
 */
final class DeliveredMarks {

	/** Behind the last one that was in a delivery that succeeded. */
	private long to;

	/** After which commit that was. */
	private int in;

	/** Behind the last one that was in one before that commit. */
	private long before;

	/** Behind the last one that was in one that failed. */
	private long failedTo;

	/**
	 * Note that a delivery succeeded.
	 * @param end the number behind its last element
	 * @param commits the number of the last commit before it
	 */
	void delivered(long end, int commits) {
		if (this.in != commits) {
			this.in = commits;
			this.before = this.to;
		}
		this.to = end;
	}

	/**
	 * Note that a delivery failed, and is passed over.
	 * @param end the number behind its last element
	 */
	void failed(long end) {
		this.failedTo = end;
	}

	/**
	 * Let go of the first elements that are held, whose numbers are those they have in
	 * their stream.
	 * @param first the number of the first of them
	 * @param end the number behind the last one
	 * @param account counts them
	 */
	void letGo(long first, long end, StreamAccount account) {
		long delivered = Math.min(end, this.to);
		if (delivered < end) {
			letGoUndelivered(Math.max(first, delivered), end, account);
		}
		long from = Math.max(first, this.before);
		if (from < delivered) {
			account.letGoDelivered(from, (int) (delivered - from), this.in);
		}
	}

	private void letGoUndelivered(long first, long end, StreamAccount account) {
		long failed = Math.max(first, Math.min(end, this.failedTo));
		account.letGo(first, (int) (failed - first), SkipReason.FAILED, false);
		account.letGo(failed, (int) (end - failed), SkipReason.UNMATCHED, false);
	}

	long to() {
		return this.to;
	}

	int in() {
		return this.in;
	}

	long before() {
		return this.before;
	}

	long failedTo() {
		return this.failedTo;
	}

}
