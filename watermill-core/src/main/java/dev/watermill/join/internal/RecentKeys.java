package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.List;

import dev.watermill.join.InputStatus.Unmatched.Key;
import dev.watermill.key.internal.KeyColumn;
import org.jspecify.annotations.Nullable;

/**
 * The last keys of one side of an edge that found no match, and where the other side
 * stood then: a ring, which has its room once there is one. Used by one thread.
 */
final class RecentKeys {

	private static final int KEPT = 32;

	private final boolean primitive;

	private final boolean floating;

	private long[] longs = {};

	private long[] otherLongs = {};

	private @Nullable Object[] keys = {};

	private @Nullable Object[] otherKeys = {};

	/** A bit for each slot in which the other side was over. */
	private int over;

	private long noted;

	RecentKeys(boolean primitive, boolean floating) {
		this.primitive = primitive;
		this.floating = floating;
	}

	void note(long key, @Nullable Object keyObject, long other, @Nullable Object otherObject) {
		int slot = slot(key, keyObject);
		this.over &= ~(1 << slot);
		if (this.primitive) {
			this.otherLongs[slot] = other;
		}
		else {
			this.otherKeys[slot] = otherObject;
		}
	}

	void noteAtEnd(long key, @Nullable Object keyObject) {
		this.over |= 1 << slot(key, keyObject);
	}

	private int slot(long key, @Nullable Object keyObject) {
		if (this.noted == 0) {
			makeRoom();
		}
		int slot = (int) (this.noted++ % KEPT);
		if (this.primitive) {
			this.longs[slot] = key;
		}
		else {
			this.keys[slot] = keyObject;
		}
		return slot;
	}

	private void makeRoom() {
		if (this.primitive) {
			this.longs = new long[KEPT];
			this.otherLongs = new long[KEPT];
		}
		else {
			this.keys = new Object[KEPT];
			this.otherKeys = new Object[KEPT];
		}
	}

	/**
	 * Return how many were noted, of which the last ones are kept.
	 */
	long noted() {
		return this.noted;
	}

	/**
	 * Return what is kept, the last one first.
	 */
	List<Key> all() {
		List<Key> all = new ArrayList<>();
		for (long i = this.noted - 1; i >= Math.max(0, this.noted - KEPT); i--) {
			Key key = at((int) (i % KEPT));
			if (key != null) {
				all.add(key);
			}
		}
		return List.copyOf(all);
	}

	private @Nullable Key at(int slot) {
		Object key = this.primitive ? KeyColumn.decode(this.longs[slot], this.floating) : this.keys[slot];
		if (key == null) {
			return null;
		}
		if ((this.over & (1 << slot)) != 0) {
			return new Key(key, null);
		}
		return new Key(key,
				this.primitive ? KeyColumn.decode(this.otherLongs[slot], this.floating) : this.otherKeys[slot]);
	}

}
