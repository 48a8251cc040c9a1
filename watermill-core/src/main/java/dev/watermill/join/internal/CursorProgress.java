package dev.watermill.join.internal;

import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.watermill.broker.Checkpoint;
import dev.watermill.join.InputStatus;
import org.jspecify.annotations.Nullable;

/**
 * How far a stream was read, for people, and what is known to be behind. Used by the
 * thread that merges, but for what is said otherwise.
 */
final class CursorProgress {

	private final Cursor cursor;

	private final Pages reader;

	private final RejectedElements rejected;

	/** Whether there is an expression on the stream. */
	private final boolean keyed;

	CursorProgress(Cursor cursor, Pages reader, RejectedElements rejected, boolean keyed) {
		this.cursor = cursor;
		this.reader = reader;
		this.rejected = rejected;
		this.keyed = keyed;
	}

	/**
	 * The key at which the stream stands, of its first expression.
	 */
	@Nullable Object key() {
		return this.keyed ? this.cursor.leastKey(0) : null;
	}

	/**
	 * Between which keys the stream was read.
	 * @param column the column of the key
	 * @return the keys, {@code null} if nothing was read since reading began
	 */
	InputStatus.@Nullable KeyRange range(int column) {
		return this.reader.range(column);
	}

	/**
	 * How many elements are known to stand behind those that were passed. Other threads
	 * may ask, too: what they see of the place of this one may be of a moment ago.
	 */
	@Nullable Long remaining() {
		OptionalLong behind = this.reader.remaining();
		if (behind.isEmpty()) {
			return null;
		}
		Page current = this.cursor.page;
		Page next = this.cursor.following;
		int rejectedOnes = current.rejectedCount() - this.rejected.passed();
		int ahead = (next != null) ? next.batchSize() : 0;
		return behind.getAsLong() + Math.max(0, current.size - this.cursor.index) + Math.max(0, rejectedOnes) + ahead;
	}

	/**
	 * Which part of the stream keeps others from being read on. Other threads may ask,
	 * too.
	 */
	@Nullable String heldBackBy() {
		return this.reader.heldBackBy();
	}

	/**
	 * How much of the stream stands before the place where it would be taken up again.
	 */
	@Nullable Double progress(Checkpoint.@Nullable Input input) {
		OptionalDouble progress = (input != null) ? this.reader.progress(input.position()) : OptionalDouble.empty();
		return progress.isPresent() ? progress.getAsDouble() : null;
	}

}
