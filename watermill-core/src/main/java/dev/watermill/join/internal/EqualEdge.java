package dev.watermill.join.internal;

import dev.watermill.join.JoinNode;
import dev.watermill.join.Take;
import dev.watermill.join.Unmatched;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.IncomparableKeysException;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.KeyWords;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * The join of a parent stream with a child stream, as a streaming merge.
 * <p>
 * <b>Precondition</b>: left keys never decrease along the parent's stream, right keys
 * along the child's; each is checked before an element gets here. <b>Result</b>: for
 * every element of the parent the complete group of child elements with its key, in
 * stream order. <b>Cost</b>: every element of the child is looked at once. <b>Memory</b>:
 * the open group. <pre>
 * parent   1   2   2   4         asks with its left key
 *              |   |
 * child    1 | 2 2 2 | 3 | 5     the open group serves every parent element with its key;
 *            +-------+ ^         a greater left key drops it,
 *              open    cursor    a greater right key completes it
 * </pre>
 */
final class EqualEdge extends Edge {

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
		super(child, left, right);
		this.definition = definition;
		this.first = definition.take() == Take.FIRST;
		this.leaf = child.edges.length == 0;
		this.primitive = primitive;
		this.reusable = reusable;
		this.maxGroupSize = maxGroupSize;
		this.unmatched = new UnmatchedKeys(primitive, definition.rightKey() instanceof KeyFunction.OfDouble);
		this.open = newGroup();
	}

	@Override
	Group matches() {
		return this.open;
	}

	@Override
	@Nullable Unmatched unmatched() {
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
		while (!this.over && cursor.hasNext()) {
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
				return Answer.NONE;
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
		this.over = true;
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
		if (!this.open.isEmpty()) {
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
	 * The left keys of a page of the parent, for a plain edge.
	 */
	long[] leftKeys(Page parent) {
		return parent.keys[this.left].primitives();
	}

	/**
	 * The right keys of a page of the child, for a plain edge.
	 */
	long[] rightKeys(Page page) {
		return page.keys[this.right].primitives();
	}

	/**
	 * The key that a plain edge was asked for last.
	 */
	long askedKey() {
		return this.openLong;
	}

	/**
	 * Go on, at a plain edge, to an element of the child that is the first with a key.
	 */
	void matchNext(long key, Page page, int index) {
		this.openLong = key;
		this.open.replace(page, index);
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
		catch (IncomparableKeysException ex) {
			throw new StreamException(this.child.stream,
					"at " + this.child.cursor.page.origin(this.child.cursor.index) + ": it can't be joined by "
							+ describeKeys() + ": " + ex.getMessage() + ". Join by keys of one kind.",
					ex);
		}
	}

	@Override
	boolean isKnownOver(Page parent, int index) {
		return (this.over || this.child.cursor.isKnownOver())
				&& (this.open.isEmpty() || compareWithOpen(parent.keys[this.left], index) > 0);
	}

	@Override
	boolean isSeenOver(Cursor parent) {
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
