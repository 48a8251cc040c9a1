package dev.watermill.join.internal;

import dev.watermill.broker.Batch;
import dev.watermill.broker.MergedSource;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The check for elements that are late, while those of one stream, or of one partition of
 * it, are accepted in order. Used by one thread.
 */
final class LateCheck {

	private final int column;

	private final Lateness lateness;

	/** Which partition the elements are of, {@code null} for those of a whole stream. */
	private final @Nullable Partition partition;

	/** How much was closed when keys began anew: that is of no matter any more. */
	private int before;

	/**
	 * Create a check.
	 * @param column the column of the keys that tell
	 */
	LateCheck(int column, Lateness lateness) {
		this(column, lateness, null);
	}

	private LateCheck(int column, Lateness lateness, @Nullable Partition partition) {
		this.column = column;
		this.lateness = lateness;
		this.partition = partition;
	}

	/**
	 * Return the check for a partition of the stream.
	 * @param name the name of the partition, {@code null} if it has none
	 */
	LateCheck ofPartition(@Nullable String name, int number) {
		return new LateCheck(this.column, this.lateness, new Partition(name, number));
	}

	int column() {
		return this.column;
	}

	/**
	 * Keys begin anew, behind a mark.
	 */
	void beginsAnew() {
		this.before = this.lateness.closings();
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
		return this.lateness.isLate(key, (upTo) -> isBefore(batch, inBatch, upTo));
	}

	private boolean isNothingClosed() {
		return this.lateness.closings() == this.before;
	}

	private boolean isBefore(Batch<?> batch, int index, Position upTo) {
		Position position = (this.partition != null) ? this.partition.in(upTo) : upTo;
		return !position.equals(Position.empty()) && batch.isBefore(index, position);
	}

	/**
	 * A partition of a stream whose partitions are merged.
	 *
	 * @param name its name, {@code null} if it has none
	 * @param number its number
	 */
	private record Partition(@Nullable String name, int number) {

		/**
		 * Its position in one of the whole stream, an empty one if it was not read.
		 */
		Position in(Position whole) {
			MergedSource.Parts parts = MergedSource.Parts.of(whole);
			int at = parts.find(this.name, this.number);
			return (at >= 0) ? parts.position(at) : Position.empty();
		}

	}

}
