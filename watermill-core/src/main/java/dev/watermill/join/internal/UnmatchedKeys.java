package dev.watermill.join.internal;

import dev.watermill.join.InputStatus;
import dev.watermill.key.internal.KeyColumn;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last keys that found no match at an edge. It takes note of each of them, and
 * is asked for words now and then: so it keeps numbers and references only. Used by one
 * thread.
 */
final class UnmatchedKeys {

	private final boolean primitive;

	private final RecentKeys left;

	private final RecentKeys right;

	private boolean leftLast;

	/** How many left keys found no match. */
	private long count;

	/** What was told last, and of how many keys that was. */
	private InputStatus.@Nullable Unmatched told;

	private long toldOf;

	UnmatchedKeys(boolean primitive, boolean floating) {
		this.primitive = primitive;
		this.left = new RecentKeys(primitive, floating);
		this.right = new RecentKeys(primitive, floating);
	}

	/**
	 * A left key found no match, since the right one at an index is greater.
	 */
	void left(long leftLong, @Nullable Object leftKey, KeyColumn rightKeys, int index) {
		left(1, leftLong, leftKey, rightKeys, index);
	}

	/**
	 * Several left keys found no match, of which this is the last.
	 */
	void left(int keys, long leftLong, @Nullable Object leftKey, KeyColumn rightKeys, int index) {
		if (this.primitive) {
			this.left.note(leftLong, null, rightKeys.primitive(index), null);
		}
		else {
			this.left.note(0, leftKey, 0, rightKeys.get(index));
		}
		this.count += keys;
		this.leftLast = true;
	}

	/**
	 * A left key found no match, since the right stream is over.
	 */
	void leftAtEnd(long leftLong, @Nullable Object leftKey) {
		this.left.noteAtEnd(leftLong, leftKey);
		this.count++;
		this.leftLast = true;
	}

	/**
	 * The right key at an index found no match, since the left one is greater.
	 */
	void right(KeyColumn rightKeys, int index, long leftLong, @Nullable Object leftKey) {
		if (this.primitive) {
			this.right.note(rightKeys.primitive(index), null, leftLong, null);
		}
		else {
			this.right.note(0, rightKeys.get(index), 0, leftKey);
		}
		this.leftLast = false;
	}

	InputStatus.@Nullable Unmatched get() {
		long noted = this.left.noted() + this.right.noted();
		if (noted > this.toldOf) {
			this.told = new InputStatus.Unmatched(this.left.all(), this.right.all(), this.leftLast, this.count);
			this.toldOf = noted;
		}
		return this.told;
	}

}
