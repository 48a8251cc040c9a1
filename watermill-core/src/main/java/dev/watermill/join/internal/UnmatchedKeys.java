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

	private final boolean floating;

	private final Side left = new Side();

	private final Side right = new Side();

	private boolean leftLast;

	/** How many left keys found no match. */
	private long count;

	UnmatchedKeys(boolean primitive, boolean floating) {
		this.primitive = primitive;
		this.floating = floating;
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
		this.left.key(leftLong, leftKey);
		this.count += keys;
		this.left.over = false;
		if (this.primitive) {
			this.left.otherLong = rightKeys.primitive(index);
		}
		else {
			this.left.otherKey = rightKeys.get(index);
		}
		this.leftLast = true;
	}

	/**
	 * A left key found no match, since the right stream is over.
	 */
	void leftAtEnd(long leftLong, @Nullable Object leftKey) {
		leftAtEnd(1, leftLong, leftKey);
	}

	/**
	 * Several left keys found no match, of which this is the last.
	 */
	void leftAtEnd(int keys, long leftLong, @Nullable Object leftKey) {
		this.left.key(leftLong, leftKey);
		this.count += keys;
		this.left.over = true;
		this.leftLast = true;
	}

	/**
	 * The right key at an index found no match, since the left one is greater.
	 */
	void right(KeyColumn rightKeys, int index, long leftLong, @Nullable Object leftKey) {
		if (this.primitive) {
			this.right.key(rightKeys.primitive(index), null);
			this.right.otherLong = leftLong;
		}
		else {
			this.right.key(0, rightKeys.get(index));
			this.right.otherKey = leftKey;
		}
		this.leftLast = false;
	}

	InputStatus.@Nullable Unmatched get() {
		if (!this.left.seen && !this.right.seen) {
			return null;
		}
		return new InputStatus.Unmatched(key(this.left), key(this.right), this.leftLast, this.count);
	}

	private InputStatus.Unmatched.@Nullable Key key(Side side) {
		Object key = this.primitive ? KeyColumn.decode(side.keyLong, this.floating) : side.key;
		if (!side.seen || key == null) {
			return null;
		}
		if (side.over) {
			return new InputStatus.Unmatched.Key(key, null);
		}
		return new InputStatus.Unmatched.Key(key,
				this.primitive ? KeyColumn.decode(side.otherLong, this.floating) : side.otherKey);
	}

	private static final class Side {

		private boolean seen;

		private long keyLong;

		private @Nullable Object key;

		private boolean over;

		private long otherLong;

		private @Nullable Object otherKey;

		private void key(long primitiveKey, @Nullable Object newKey) {
			this.keyLong = primitiveKey;
			if (newKey != null) {
				this.key = newKey;
			}
			this.seen = true;
		}

	}

}
