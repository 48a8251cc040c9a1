package dev.watermill.join.internal;

import dev.watermill.join.InputStatus;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.KeyWords;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * The join of a parent stream with a child stream by equal keys, as a streaming merge.
 * How it works is explained in the first lines of this class.
 */
final class EqualEdge extends Edge {

	// @formatter:off
	/*
	 * The merge, which is all there is to a join of ordered streams.
	 *
	 * Precondition. Left keys never decrease along the parent's stream, right keys along the child's. Both are
	 * checked before an element gets here (Acceptance), and a little beyond where the merge stands (OrderCheck).
	 *
	 * Result. For every element of the parent, in its order, the complete group of the child's elements with its key,
	 * in theirs, each of which has complete groups of its own below it.
	 *
	 *   parent   1   2   2   4         each element asks with its left key
	 *                |   |
	 *   child    1 | 2 2 2 | 3 | 5     the open group serves every element of the parent with its key;
	 *              +-------+ ^         a greater left key drops it,
	 *                open    cursor    a greater right key, or the end of the child, completes it
	 *
	 * A left key below the cursor's right key and other than that of the open group has no match, and will have none.
	 * A right key below the left key that is asked for has none either: it is passed over, and counted. So neither
	 * side is ever gone back on, and keys are only compared with the one that was asked for last.
	 *
	 * Cost. Each element is visited once: about n + m comparisons of keys that stand side by side in columns, and no hash,
	 * whatever the number of matches, since parents with one key share one group. Runs of single pairs of long keys,
	 * the commonest case, are done by Pairs, in one loop over two arrays.
	 *
	 * Memory. The open group of each edge, and what is held above it: the matches of a parent's open group and of
	 * the open windows. A level's groups do not line up with those of the level above, since each edge has keys of its
	 * own, so an element may have groups of several keys below its neighbours; but nothing is held that no element
	 * held above has among its matches, however long the streams are. max-group-size and max-window-size bound it.
	 *
	 * Who owns a group, and when it is let go, is the rule of HeldMatches: this edge holds its open group until a
	 * greater key is asked for, and each element above that has it among its matches holds it, too. With the last of
	 * them it goes, its elements are counted, and it lets go of the groups below. Where nobody but this edge can be a
	 * holder (a child of a master that is not held) the group is used again.
	 *
	 * Where to go on. At any moment, also in the middle of seek() while it waits, the streams can be taken up again
	 * so that all that follows is the same: each at the first element that anybody holds, or else at its cursor. It
	 * is enough to ask the first of the open windows and the open groups from the top down (ResumePoint),
	 * because what is held is held in the order of the streams. A group begins to be held before its first element is
	 * passed, and the old one is dropped before anything behind it is, so no moment is in between.
	 *
	 * The end. A child that is over, with no group left that the next key could ask for, matches nothing any more.
	 * Then no later element of the parent is complete, so the parent is over, too, and so on up the tree: nobody
	 * waits for streams, or reads them to their end, that can't change the result.
	 *
	 * Rejected. A hash join, or a store of state for each side as Kafka Streams has it, needs no order, but holds
	 * what may match later, which is everything unless a window of time says otherwise; it has to write that down to
	 * survive a crash, and delivers what it finds in no order in particular, or first without and then with a match.
	 * Here a position is all the state there is, results come in the master's order, and what does not fit the order
	 * is seen. Collecting a child's whole group before its elements look for their own matches would be simpler, but
	 * would hold elements that are pruned, and wait for more than FIRST has to. Copying a group for each parent, as
	 * loops written by hand do, costs an allocation per delivery, and a large group times its parents in memory.
	 */
	// @formatter:on

	private final JoinNode definition;

	/** Whether nothing is joined to the child. */
	private final boolean leaf;

	/** Whether the first complete match is all that is asked for. */
	private final boolean first;

	/** Whether keys of both sides compare as longs. */
	private final boolean primitive;

	/** Whether nothing but this edge ever holds a group, so that it can be used again. */
	private final boolean reusable;

	private final int maxGroupSize;

	private final UnmatchedKeys unmatched;

	/** The child elements with the key that was asked for last, and that key. */
	private Group open;

	private long openLong;

	private @Nullable Object openKey;

	private boolean asked;

	/** Whether nothing more comes from the child. */
	private boolean over;

	EqualEdge(Branch child, JoinNode definition, int left, int right, boolean primitive, boolean reusable,
			int maxGroupSize) {
		super(child, left, right, !definition.optional());
		this.definition = definition;
		this.first = definition.take() == JoinNode.Take.FIRST;
		this.leaf = child.edges.length == 0;
		this.primitive = primitive;
		this.reusable = reusable;
		this.maxGroupSize = maxGroupSize;
		this.unmatched = new UnmatchedKeys(primitive, definition.rightKey() instanceof KeyFunction.OfDouble);
		this.open = newGroup();
		child.cursor.groupBy(right, describeKeys());
	}

	@Override
	Group matches() {
		return this.open;
	}

	@Override
	boolean hasMatch() {
		return !this.open.isEmpty();
	}

	@Override
	InputStatus.@Nullable Unmatched unmatched() {
		return this.unmatched.get();
	}

	@Override
	Answer seek(Page parent, int index) {
		KeyColumn leftKeys = parent.keys[this.left];
		if (this.asked && compareWithOpen(leftKeys, index) == 0) {
			return answer();
		}
		boolean surplus = this.first && !this.open.isEmpty();
		long previousLong = this.openLong;
		Object previousKey = this.openKey;
		drop();
		ask(leftKeys, index);
		Cursor cursor = this.child.cursor;
		// whether there were elements with this key that lacked matches of their own: the
		// edges below know why
		boolean pruned = false;
		while (!this.over && cursor.hasNext(this)) {
			KeyColumn rightKeys = cursor.page.keys[this.right];
			int comparison = compareWithOpen(rightKeys, cursor.index);
			if (comparison < 0) {
				pass(surplus && isKey(rightKeys, cursor.index, previousLong, previousKey));
			}
			else if (comparison > 0) {
				if (!this.open.isEmpty()) {
					return Answer.MATCH;
				}
				if (!pruned) {
					this.unmatched.left(this.openLong, this.openKey, rightKeys, cursor.index);
				}
				return answer();
			}
			else {
				// asked here, so that the compiler does not unroll the tree where there
				// is none
				Answer answer = this.leaf ? Answer.MATCH : this.child.resolve();
				if (answer == Answer.MATCH) {
					take(cursor);
					if (this.first) {
						return Answer.MATCH;
					}
				}
				else {
					pruned = true;
					if (answer == Answer.OVER) {
						break;
					}
					this.child.skip(SkipReason.UNMATCHED);
				}
			}
		}
		if (cursor.isSilentHere()) {
			cursor.place().close(leftKeys.get(index));
		}
		else {
			this.over = true;
		}
		if (this.open.isEmpty() && !pruned) {
			this.unmatched.leftAtEnd(this.openLong, this.openKey);
		}
		return answer();
	}

	/**
	 * Pass over a child element that nobody asked for.
	 * @param surplus whether it is one more of what was asked for, where one is enough
	 */
	private void pass(boolean surplus) {
		if (!surplus) {
			Cursor cursor = this.child.cursor;
			this.unmatched.right(cursor.page.keys[this.right], cursor.index, this.openLong, this.openKey);
		}
		this.child.skip(surplus ? SkipReason.SURPLUS : SkipReason.UNMATCHED);
	}

	private Answer answer() {
		if (!this.open.isEmpty() || !this.required) {
			return Answer.MATCH;
		}
		return this.over ? Answer.OVER : Answer.NONE;
	}

	/**
	 * Whether it is all about single elements of the child and keys that are longs.
	 */
	boolean isPlain() {
		return this.primitive && this.leaf && this.first && this.reusable;
	}

	/**
	 * Note that elements of the parent have no match, of a plain edge.
	 * @param count how many
	 * @param last the index of the last of them
	 * @param next the index of the next element of the child then
	 */
	void unmatched(int count, Page parent, int last, int next) {
		this.unmatched.left(count, leftKeys(parent)[last], null, this.child.cursor.page.keys[this.right], next);
	}

	/**
	 * Note whose key a plain edge went on to last.
	 */
	void asked(Page parent, int index) {
		this.openLong = leftKeys(parent)[index];
	}

	private void take(Cursor cursor) {
		if (this.open.size() == this.maxGroupSize) {
			throw new StreamException(this.child.stream,
					"at " + cursor.page.origin(cursor.index) + ": more than " + this.maxGroupSize
							+ " elements have the key "
							+ KeyWords.describe(cursor.page.keys[this.right].get(cursor.index))
							+ ". Join by a key with fewer equal elements, or raise max-group-size.",
					null);
		}
		this.open.add(cursor.page, cursor.index, this.child.edges);
		cursor.advance();
	}

	private boolean isKey(KeyColumn keys, int index, long primitiveKey, @Nullable Object key) {
		return (this.primitive) ? keys.primitive(index) == primitiveKey
				: key != null && Keys.compare(keys.get(index), key) == 0;
	}

	private void drop() {
		if (this.reusable) {
			this.open.restart(this.child);
		}
		else {
			this.open.release(this.child);
			this.open = newGroup();
		}
	}

	private Group newGroup() {
		Group group = new Group(this.child.edges.length);
		group.hold();
		return group;
	}

	private void ask(KeyColumn leftKeys, int index) {
		if (this.primitive) {
			this.openLong = leftKeys.primitive(index);
		}
		else {
			this.openKey = leftKeys.get(index);
		}
		this.asked = true;
	}

	/**
	 * Compare a key, from either side, with the one that was asked for last.
	 */
	private int compareWithOpen(KeyColumn keys, int index) {
		if (this.primitive) {
			return Long.compare(keys.primitive(index), this.openLong);
		}
		return compareWithOpen(keys.get(index));
	}

	private int compareWithOpen(Object key) {
		if (this.primitive) {
			return Long.compare(KeyColumn.encode(key), this.openLong);
		}
		Object asked = this.openKey;
		return (asked != null) ? compare(key, asked) : 1;
	}

	private String describeKeys() {
		return "the left key '" + describe(this.definition.leftKey()) + "' and the right key '"
				+ describe(this.definition.rightKey()) + "'";
	}

	private static String describe(@Nullable KeyFunction<?> key) {
		return (key != null) ? key.description() : "";
	}

	private int compare(Object key, Object other) {
		try {
			return Keys.compare(key, other);
		}
		catch (Keys.IncomparableException ex) {
			throw new StreamException(this.child.stream,
					"at " + this.child.cursor.page.origin(this.child.cursor.index) + ": it can't be joined by "
							+ describeKeys() + ": " + ex.getMessage() + ". Join by keys of one kind.",
					ex);
		}
	}

	@Override
	boolean isKnownOver(Page parent, int index) {
		return this.required && (this.over || this.child.cursor.isKnownOver())
				&& (this.open.isEmpty() || compareWithOpen(parent.keys[this.left], index) > 0);
	}

	@Override
	boolean isSeenOver(Cursor parent) {
		if (!this.required) {
			return false;
		}
		Object least = parent.leastKey(this.left);
		if (!this.open.isEmpty() && (least == null || compareWithOpen(least) <= 0)) {
			return false;
		}
		return this.over || hasNothingFrom(least) || this.child.isSeenOver();
	}

	private boolean hasNothingFrom(@Nullable Object least) {
		Cursor cursor = this.child.cursor;
		while (!cursor.isOver()) {
			if (least == null || !cursor.isAtHand()) {
				return false;
			}
			Object key = cursor.page.keys[this.right].get(cursor.index);
			if (compare(key, least) >= 0) {
				return false;
			}
			boolean surplus = this.first && !this.open.isEmpty() && compareWithOpen(key) == 0;
			this.child.skip(surplus ? SkipReason.SURPLUS : SkipReason.UNMATCHED);
		}
		return true;
	}

	@Override
	void release() {
		this.open.release(this.child);
	}

}
