package dev.watermill.join;

import org.jspecify.annotations.Nullable;

/**
 * The commonest edge: whole numbers on both sides, nothing joined to the child, and its
 * first match asked for. Where the answer is in the pages at hand it is found without
 * leaving them; everything else is the {@link Edge}'s.
 */
final class PairEdge extends Edge {

	private final Cursor cursor;

	private @Nullable Page parent;

	private long[] leftKeys = {};

	private @Nullable Page page;

	private long[] rightKeys = {};

	private Object[] elements = {};

	private int size;

	PairEdge(Node child, JoinNode definition, int left, int right, int maxGroupSize) {
		super(child, definition, left, right, true, true, maxGroupSize);
		this.cursor = child.cursor;
	}

	@Override
	Answer seek(Page parent, int index) {
		Cursor cursor = this.cursor;
		int at = cursor.index;
		if (parent == this.parent && cursor.page == this.page && at < this.size) {
			long key = this.leftKeys[index];
			if (key > this.openLong && this.rightKeys[at] == key) {
				open().replace(this.child, this.page, at, this.elements[at]);
				this.openLong = key;
				cursor.index = at + 1;
				return Answer.MATCH;
			}
		}
		Answer answer = super.seek(parent, index);
		this.parent = parent;
		this.leftKeys = parent.keys[this.left].primitives();
		this.page = cursor.page;
		this.size = this.page.size;
		this.elements = this.page.elements;
		if (this.size > 0) {
			this.rightKeys = this.page.keys[this.right].primitives();
		}
		return answer;
	}

}
