package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What is known of where a partition ends: found out by the thread that fetches, asked
 * for by any. Thread-safe.
 */
final class PartitionEnd {

	/** How long the last answer says something of the present. */
	private static final long FRESH = Duration.ofSeconds(3).toNanos();

	/** When the broker answered last. */
	private volatile long answeredAt;

	/** Behind which offset it said there was nothing, -1 if there was something. */
	private volatile long nothingBehind = -1;

	private volatile long known = -1;

	private volatile long first;

	/** Behind the last mark that was seen, -1 if none was. */
	private volatile long markedEnd = -1;

	/**
	 * Note where the partition begins.
	 */
	void begin(long offset) {
		this.first = offset;
	}

	/**
	 * Note where the partition ends.
	 */
	void at(long offset) {
		this.known = offset;
	}

	/**
	 * Note that the broker answered.
	 * @param position behind what it has given
	 * @param everythingRead whether it said that nothing is there
	 */
	void answered(long position, boolean everythingRead) {
		this.answeredAt = System.nanoTime();
		this.nothingBehind = everythingRead ? position : -1;
	}

	/**
	 * Note that a mark was seen.
	 * @param offset behind the mark
	 */
	void marked(long offset) {
		this.markedEnd = offset;
	}

	/**
	 * Where the partition ends as far as it is known, -1 if it is not.
	 */
	long known() {
		return this.known;
	}

	/**
	 * Whether the last answer was that nothing is there.
	 */
	boolean isReached() {
		return this.nothingBehind >= 0;
	}

	/**
	 * Whether the broker said, a moment ago, that nothing is behind an offset. It says so
	 * of what was polled, which a reader may have yet to be given.
	 */
	boolean isCaughtUp(long offset) {
		long end = this.nothingBehind;
		return end >= 0 && offset >= end && System.nanoTime() - this.answeredAt < FRESH;
	}

	/**
	 * How much of the partition stands before an offset, from 0 to 1, as far as it ends
	 * with a mark.
	 */
	OptionalDouble progress(long offset) {
		long end = this.markedEnd;
		return (end > this.first) ? OptionalDouble.of(Math.min(1, (offset - this.first) / (double) (end - this.first)))
				: OptionalDouble.empty();
	}

}
