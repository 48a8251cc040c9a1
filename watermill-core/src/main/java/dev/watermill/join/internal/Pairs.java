package dev.watermill.join.internal;

/**
 * The commonest of merges, a master with one child of which the first match is asked for,
 * as long as it is a run of pairs: each master element with a key of its own, and the
 * very next element of the child its match. Where a match may be missing, elements before
 * the next of the child are in the run, too, without one. Where a run ends, before the
 * last key of a page at the latest, {@link EqualEdge} goes on.
 */
final class Pairs extends MatchRun {

	private static final long[] NO_KEYS = {};

	private final Cursor parent;

	private final EqualEdge edge;

	private final Cursor child;

	/** Whether elements without a match are delivered. */
	private final boolean optional;

	private final StreamAccount account;

	/** What shows the pairs of the run, and what holds the match of each. */
	private Group shown = Group.EMPTY;

	private Group open = Group.EMPTY;

	/** The keys of both pages, which stay the same in a run, and go with it. */
	private long[] left = NO_KEYS;

	private long[] right = NO_KEYS;

	/** Before which master element the run ends at the latest, 0 if there is none. */
	private int end;

	Pairs(Cursor parent, EqualEdge edge) {
		this.parent = parent;
		this.edge = edge;
		this.child = edge.child.cursor;
		this.optional = !edge.required;
		this.account = edge.child.account;
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
		this.shown.beginRun(master.page.elements);
		this.open.beginRun(this.child.page.elements);
		this.left = this.edge.leftKeys(master.page);
		this.right = this.edge.rightKeys(this.child.page);
		int firstMaster = master.index;
		int firstMatch = this.child.index;
		this.end = this.optional ? master.limit : Math.min(master.limit, firstMaster + this.child.limit - firstMatch);
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
		noteUnmatched(master.index - firstMaster, this.child.index - firstMatch);
		this.end = 0;
		this.shown.endRun();
		this.open.endRun();
		this.left = NO_KEYS;
		this.right = NO_KEYS;
		return goesOn;
	}

	/**
	 * Note, at the end of a run, how many of its elements had no match, and the last of
	 * them: each that has one took an element of the child.
	 */
	private void noteUnmatched(int shownMasters, int shownMatches) {
		if (shownMasters == shownMatches) {
			return;
		}
		int master = this.parent.index - 1;
		int match = this.child.index - 1;
		for (int i = 0; i < shownMatches && this.left[master] == this.right[match]; i++) {
			master--;
			match--;
		}
		this.edge.unmatched(shownMasters - shownMatches, this.parent.page, master, match + 1);
	}

	@Override
	int ahead(int most) {
		return count(this.parent.index + 1, most);
	}

	private int count(int first, int most) {
		int behind = Math.min(this.end, first + most);
		if (this.optional) {
			return countOptional(first, behind);
		}
		long[] left = this.left;
		long[] right = this.right;
		int distance = this.child.index - first;
		int index = first;
		while (index < behind && left[index] > left[index - 1] && left[index] == right[index + distance]) {
			index++;
		}
		return index - first;
	}

	private int countOptional(int first, int behind) {
		long[] left = this.left;
		long[] right = this.right;
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
		int matching = this.child.index;
		if (this.optional && this.left[index] != this.right[matching]) {
			this.open.replaceByNone();
		}
		else {
			this.child.index = matching + 1;
			this.open.replace(matching);
		}
		this.shown.goOn(index);
	}

}
