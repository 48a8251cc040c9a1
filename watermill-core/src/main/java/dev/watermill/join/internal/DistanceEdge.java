package dev.watermill.join.internal;

import dev.watermill.join.InputStatus;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * A join by where right keys lie to the left key, and how far from it. For an element of
 * the parent it reads on in the child: past what no left key that comes can need, taking
 * what is complete, up to the first element that shows that there is enough. What is
 * taken, what is needed and what is enough is up to the kind of the edge.
 */
abstract class DistanceEdge extends Edge {

	private final boolean leaf;

	final AskedKey asked;

	/** A key that somebody asks about, while another one is asked for. */
	final AskedKey probe;

	private final UnmatchedKeys unmatched;

	/** Whether nothing more comes from the child. */
	private boolean over;

	DistanceEdge(Branch child, JoinNode definition, int left, int right, boolean primitive) {
		super(child, left, right, !definition.optional());
		this.leaf = child.edges.length == 0;
		this.asked = new AskedKey(definition, primitive, () -> child.cursor.page.origin(child.cursor.index));
		this.probe = new AskedKey(definition, primitive, () -> child.cursor.page.origin(child.cursor.index));
		this.unmatched = new UnmatchedKeys(primitive, definition.rightKey() instanceof KeyFunction.OfDouble);
	}

	/**
	 * Whether what was taken is enough, whatever comes next.
	 */
	boolean isDecided() {
		return false;
	}

	/**
	 * Whether what was taken is enough for a left key, since the child has come to a
	 * right key.
	 */
	abstract boolean isEnough(AskedKey key, long number, @Nullable Object right);

	/**
	 * Whether a right key at which the child stands can't match a left key, nor any
	 * greater one.
	 */
	abstract boolean isUseless(AskedKey key, long number, @Nullable Object right);

	/**
	 * Take the element at which the child stands, which is complete, and go on behind it.
	 */
	abstract void take(Cursor cursor, long number, @Nullable Object right);

	/**
	 * Read on in the child until there is enough for the key that is asked for.
	 */
	final void readOn() {
		AskedKey key = this.asked;
		Cursor cursor = this.child.cursor;
		while (!this.over && !isDecided()) {
			if (!cursor.hasNext(this)) {
				this.over = !cursor.isSilentHere();
				return;
			}
			KeyColumn keys = cursor.page.keys[this.right];
			long number = key.number(keys, cursor.index);
			Object right = key.object(keys, cursor.index);
			if (isEnough(key, number, right)) {
				return;
			}
			if (isUseless(key, number, right)) {
				this.unmatched.right(keys, cursor.index, key.number, key.key);
				this.child.skip(SkipReason.UNMATCHED);
				continue;
			}
			Answer answer = this.leaf ? Answer.MATCH : this.child.resolve();
			if (answer == Answer.MATCH) {
				take(cursor, number, right);
			}
			else if (answer == Answer.NONE) {
				this.child.skip(SkipReason.UNMATCHED);
			}
			else {
				this.over = true;
			}
		}
	}

	/**
	 * How many elements of the parent, one behind the other, have what they need here, as
	 * is known without reading on in the child: for a child with nothing below it, keys
	 * that compare as longs, and what is taken last being a match or there being none.
	 * @param parent the page of the elements
	 * @param first the index of the first of them
	 * @param end the index behind the last of them
	 * @param taken whether something was taken, with the greatest key that was
	 * @return the number of those that were found so, from the first on
	 */
	final int ahead(Page parent, int first, int end, boolean taken, long lastTaken) {
		Cursor cursor = this.child.cursor;
		int next = cursor.index;
		int index = first;
		if (next < cursor.limit) {
			KeyColumn lefts = parent.keys[this.left];
			long[] rights = cursor.page.keys[this.right].primitives();
			long farthest = rights[cursor.limit - 1];
			AskedKey key = this.probe;
			boolean any = taken;
			long last = lastTaken;
			for (; index < end; index++) {
				key.ask(lefts, index);
				if (!isEnough(key, farthest, null)) {
					break;
				}
				if (this.required) {
					while (!isEnough(key, rights[next], null)) {
						last = rights[next++];
						any = true;
					}
					if (!any || isUseless(key, last, null)) {
						break;
					}
				}
			}
		}
		return index - first;
	}

	/**
	 * Whether there are such {@linkplain #ahead known} elements.
	 */
	final boolean isPlain() {
		return this.leaf && this.asked.primitive;
	}

	/**
	 * Whether it is known, without asking anybody, that nothing more comes.
	 */
	final boolean isEndKnown() {
		return this.over || this.child.cursor.isKnownOver();
	}

	/**
	 * Whether it is seen, without waiting, that nothing comes that the probe or a later
	 * key could match. Passes over what neither can.
	 */
	final boolean isNothingSeen() {
		return this.over || hasNothingLeft() || this.child.isSeenOver();
	}

	/**
	 * Whether it is seen, without waiting, that nothing comes at all.
	 */
	final boolean isEndSeen() {
		return this.over || this.child.cursor.isOver() || this.child.isSeenOver();
	}

	private boolean hasNothingLeft() {
		Cursor cursor = this.child.cursor;
		while (!cursor.isOver()) {
			if (!cursor.isAtHand()) {
				return false;
			}
			KeyColumn keys = cursor.page.keys[this.right];
			if (!isUseless(this.probe, this.probe.number(keys, cursor.index), this.probe.object(keys, cursor.index))) {
				return false;
			}
			this.child.skip(SkipReason.UNMATCHED);
		}
		return true;
	}

	/**
	 * Answer for the key that is asked for.
	 * @param matches whether it has a match
	 * @param exhausted whether no later key has one if nothing more comes from the child
	 */
	final Answer answer(boolean matches, boolean exhausted) {
		if (matches) {
			return Answer.MATCH;
		}
		Cursor cursor = this.child.cursor;
		if (cursor.isAtHand()) {
			this.unmatched.left(this.asked.number, this.asked.key, cursor.page.keys[this.right], cursor.index);
		}
		else {
			this.unmatched.leftAtEnd(this.asked.number, this.asked.key);
		}
		if (!this.required) {
			return Answer.MATCH;
		}
		return (this.over && exhausted) ? Answer.OVER : Answer.NONE;
	}

	@Override
	final InputStatus.@Nullable Unmatched unmatched() {
		return this.unmatched.get();
	}

}
