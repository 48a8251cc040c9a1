package dev.watermill.join.internal;

import org.jspecify.annotations.Nullable;

/**
 * The commonest of merges, a master with one child of which the first match is asked for,
 * as long as it is a run of pairs: each master element with a key of its own, and the
 * very next element of the child its match. Where a match may be missing, elements before
 * the next of the child are in the run, too, without one. Where a run ends, before the
 * last key of a page at the latest, {@link EqualEdge} goes on.
 */
final class Pairs extends MatchRun {

	private static final Object[] NONE = {};

	private final Cursor parent;

	private final EqualEdge edge;

	private final Cursor child;

	/** Whether elements without a match are delivered. */
	private final boolean optional;

	private final StreamAccount account;

	/** What shows the pairs of the run, and what holds the match of each. */
	private Group shown = Group.EMPTY;

	private Group open = Group.EMPTY;

	/** The elements of both pages, which stay the same in a run, and go with it. */
	private Object[] masters = NONE;

	private Object[] matches = NONE;

	/** Before which master element the run ends at the latest, 0 if there is none. */
	private int end;

	/** How many elements of the run have no match, and the last of them. */
	private int unmatched;

	private int lastUnmatched;

	private Pairs(Cursor parent, EqualEdge edge) {
		this.parent = parent;
		this.edge = edge;
		this.child = edge.child.cursor;
		this.optional = !edge.required;
		this.account = edge.child.account;
	}

	static @Nullable Pairs of(Branch master) {
		return (master.edges.length == 1 && master.edges[0] instanceof EqualEdge edge && edge.isPlain())
				? new Pairs(master.cursor, edge) : null;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Shows the pairs behind one, with the same group for the match of each.
	 */
	@Override
	boolean run(Group single, MatchConsumer consumer) {
		if (!this.child.isAtHand()) {
			return true;
		}
		Cursor master = this.parent;
		this.shown = single;
		this.open = this.edge.matches();
		this.masters = master.page.elements;
		this.matches = this.child.page.elements;
		this.end = this.optional ? master.limit
				: Math.min(master.limit, master.index + this.child.limit - this.child.index);
		boolean goesOn = true;
		while (goesOn && count(master.index, 1) > 0) {
			this.open.startsOn(this.child.page);
			show(master.index);
			this.open.deliveredIn(0);
			goesOn = consumer.matched();
			this.open.deliveredIn(this.account.commits());
			this.edge.asked(master.page, master.index);
			master.advance();
			if (!single.markShown()) {
				this.open.markFailed();
				break;
			}
		}
		if (this.unmatched > 0) {
			this.edge.unmatched(this.unmatched, master.page, this.lastUnmatched);
			this.unmatched = 0;
		}
		this.end = 0;
		this.masters = NONE;
		this.matches = NONE;
		return goesOn;
	}

	@Override
	int ahead(int most) {
		return count(this.parent.index + 1, most);
	}

	private int count(int first, int most) {
		long[] left = this.edge.leftKeys(this.parent.page);
		long[] right = this.edge.rightKeys(this.child.page);
		int distance = this.child.index - first;
		int behind = Math.min(this.end, first + most);
		int index = first;
		if (this.optional) {
			return countOptional(first, behind, left, right);
		}
		while (index < behind && left[index] > left[index - 1] && left[index] == right[index + distance]) {
			index++;
		}
		return index - first;
	}

	private int countOptional(int first, int behind, long[] left, long[] right) {
		int next = this.child.index;
		int limit = this.child.limit;
		int index = first;
		while (index < behind && next < limit && left[index] > left[index - 1] && left[index] <= right[next]) {
			if (left[index] == right[next]) {
				next++;
			}
			index++;
		}
		return index - first;
	}

	@Override
	void next(Group single) {
		int index = this.parent.index + 1;
		this.parent.index = index;
		show(index);
	}

	private void show(int index) {
		Cursor cursor = this.child;
		int matching = cursor.index;
		if (this.optional && this.edge.leftKeys(this.parent.page)[index] < this.edge.rightKeys(cursor.page)[matching]) {
			this.open.replaceByNone();
			this.unmatched++;
			this.lastUnmatched = index;
			this.shown.show(this.masters[index]);
			return;
		}
		cursor.index = matching + 1;
		this.open.replace(matching, this.matches[matching]);
		this.shown.show(this.masters[index]);
	}

}
