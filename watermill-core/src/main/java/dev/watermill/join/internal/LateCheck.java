package dev.watermill.join.internal;

import dev.watermill.broker.Batch;
import dev.watermill.broker.MergedSource;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The check for elements that are late, while those of one stream, or of one partition of
 * it, are accepted in order. What was read before something was closed, and is read again
 * since it is held, is in time. Used by one thread.
 */
final class LateCheck {

	private final int column;

	private final Lateness lateness;

	/**
	 * Up to where elements are read again that were in time, {@code null} if they were
	 * passed.
	 */
	private @Nullable Position inTimeUpTo;

	/** How much was closed when keys began anew: that is of no matter any more. */
	private int before;

	/**
	 * Create a check.
	 * @param column the column of the keys that tell
	 * @param inTimeUpTo up to where elements are in time whatever their keys,
	 * {@code null} if there are none
	 */
	LateCheck(int column, Lateness lateness, @Nullable Position inTimeUpTo) {
		this.column = column;
		this.lateness = lateness;
		this.inTimeUpTo = inTimeUpTo;
	}

	/**
	 * Return the check for a partition of the stream.
	 * @param name the name of the partition, {@code null} if it has none
	 */
	LateCheck ofPartition(@Nullable String name, int number) {
		Position whole = this.inTimeUpTo;
		if (whole == null) {
			return new LateCheck(this.column, this.lateness, null);
		}
		MergedSource.Parts parts = MergedSource.Parts.of(whole);
		int at = parts.find(name, number);
		return new LateCheck(this.column, this.lateness, (at >= 0) ? parts.position(at) : null);
	}

	int column() {
		return this.column;
	}

	/**
	 * Keys begin anew, behind a mark.
	 */
	void beginsAnew() {
		this.before = this.lateness.closings();
		this.inTimeUpTo = null;
	}

	/**
	 * How many of the first elements of a batch are in time.
	 * @param size how many of them there are
	 */
	int inTime(Batch<?> batch, KeyColumn[] columns, int size) {
		KeyColumn keys = columns[this.column];
		if (size == 0 || isNothingClosed() || this.lateness.isPast(keys.get(0))) {
			return size;
		}
		int index = 0;
		while (index < size && !isLate(batch, index, keys.get(index))) {
			index++;
		}
		return index;
	}

	/**
	 * Whether an element is late.
	 * @param inBatch its index in the batch
	 * @param index that of its keys
	 */
	boolean isLate(Batch<?> batch, int inBatch, KeyColumn[] columns, int index) {
		return !isNothingClosed() && isLate(batch, inBatch, columns[this.column].get(index));
	}

	private boolean isLate(Batch<?> batch, int inBatch, Object key) {
		return this.lateness.isLate(key) && !isReadAgain(batch, inBatch);
	}

	private boolean isNothingClosed() {
		return this.lateness.closings() == this.before;
	}

	private boolean isReadAgain(Batch<?> batch, int index) {
		Position upTo = this.inTimeUpTo;
		if (upTo == null) {
			return false;
		}
		if (batch.isBefore(index, upTo)) {
			return true;
		}
		this.inTimeUpTo = null;
		return false;
	}

}
