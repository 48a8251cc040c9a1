package dev.watermill.join.internal;

import java.util.Arrays;

/**
 * Keys that do not decrease, each with a reference to what it is the key of. Used by one
 * thread.
 */
final class KeyRun {

	final long[] keys;

	final long[] refs;

	/** Where the first one is that is still there. */
	int from;

	final int to;

	KeyRun(long[] keys, long[] refs, int from, int to) {
		this.keys = keys;
		this.refs = refs;
		this.from = from;
		this.to = to;
	}

	int size() {
		return this.to - this.from;
	}

	/**
	 * Return the same run with arrays that are no larger than it is.
	 */
	KeyRun copy() {
		return new KeyRun(Arrays.copyOfRange(this.keys, this.from, this.to),
				Arrays.copyOfRange(this.refs, this.from, this.to), 0, size());
	}

	/**
	 * Whether most of it is gone, but not the room that it had.
	 */
	boolean isSparse() {
		return size() < this.keys.length / 2;
	}

}
