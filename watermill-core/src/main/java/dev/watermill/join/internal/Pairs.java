package dev.watermill.join.internal;

import org.jspecify.annotations.Nullable;

/**
 * The commonest of merges, a master with one child of which the first match is asked for,
 * as long as it is a run of pairs: each master element with a key of its own, and the
 * very next element of the child its match. Where a run ends, before the last key of a
 * page at the latest, {@link EqualEdge} goes on.
 */
final class Pairs {

	private static final Object[] NONE = {};

	private final Cursor parent;

	private final EqualEdge edge;

	private final Cursor child;

	/** What shows the pairs of the run, and what holds the match of each. */
	private Group shown = Group.EMPTY;

	private Group open = Group.EMPTY;

	/** The elements of both pages, which stay the same in a run, and go with it. */
	private Object[] masters = NONE;

	private Object[] matches = NONE;

	/** Before which master element the run ends at the latest, 0 if there is none. */
	private int end;

	private Pairs(Cursor parent, EqualEdge edge) {
		this.parent = parent;
		this.edge = edge;
		this.child = edge.child.cursor;
	}

	/**
	 * Return what merges runs of pairs.
	 * @param master the master, with its edges
	 * @return an object, {@code null} if the tree has no such runs
	 */
	static @Nullable Pairs of(Branch master) {
		return (master.edges.length == 1 && master.edges[0] instanceof EqualEdge edge && edge.isPlain())
				? new Pairs(master.cursor, edge) : null;
	}

	/**
	 * Show the pairs, if any, behind a master element that was delivered, with its match
	 * if it has one.
	 * @param single the group that shows them
	 * @param consumer is given each pair to which it does not {@linkplain #next() go on}
	 * by itself
	 * @return whether to go on
	 */
	boolean run(Group single, MatchConsumer consumer) {
		Cursor master = this.parent;
		this.shown = single;
		this.open = this.edge.matches();
		if (this.open.isEmpty()) {
			// of an optional join
			return true;
		}
		this.masters = master.page.elements;
		this.matches = this.child.page.elements;
		this.end = Math.min(master.limit, master.index + this.child.limit - this.child.index);
		boolean goesOn = true;
		while (goesOn && count(master.index, 1) > 0) {
			this.open.startsOn(this.child.page);
			show(master.index);
			goesOn = consumer.matched();
			this.edge.asked(master.page, master.index);
			master.advance();
			if (!single.markShown()) {
				this.open.markFailed();
				break;
			}
		}
		this.end = 0;
		this.masters = NONE;
		this.matches = NONE;
		return goesOn;
	}

	/**
	 * How many pairs follow in the run on the one that is shown.
	 * @param most how many of them matter
	 * @return the number, 0 if there is no run
	 */
	int ahead(int most) {
		return count(this.parent.index + 1, most);
	}

	private int count(int first, int most) {
		long[] left = this.edge.leftKeys(this.parent.page);
		long[] right = this.edge.rightKeys(this.child.page);
		int distance = this.child.index - first;
		int behind = Math.min(this.end, first + most);
		int index = first;
		while (index < behind && left[index] > left[index - 1] && left[index] == right[index + distance]) {
			index++;
		}
		return index - first;
	}

	/**
	 * Go on to the next pair, which is known to follow.
	 */
	void next() {
		int index = this.parent.index + 1;
		this.parent.index = index;
		show(index);
	}

	private void show(int index) {
		Cursor cursor = this.child;
		int matching = cursor.index;
		cursor.index = matching + 1;
		this.open.replace(matching, this.matches[matching]);
		this.shown.show(this.masters[index]);
	}

}
