package dev.watermill.join.internal;

/**
 * A run of a master with one child of which the last element before is asked for, with
 * keys that compare as longs: each master element has either the match of the one before
 * it, or the very next element of the child. The next but one is there, and shows that;
 * so a run ends before the last key of a page at the latest, and {@link BackwardEdge}
 * goes on.
 */
final class LastPairs extends MatchRun {

	private final Cursor parent;

	private final BackwardEdge edge;

	private final Cursor child;

	/** Whether an equal key counts. */
	private final boolean exact;

	private final StreamAccount account;

	/** What shows the pairs of the run, and what holds the match of each. */
	private Group shown = Group.EMPTY;

	private Group candidate = Group.EMPTY;

	/** Before which master element the run ends at the latest, 0 if there is none. */
	private int end;

	/** The key of the match of the last one, and whether that has it alone. */
	private long matched;

	private boolean alone;

	LastPairs(Cursor parent, BackwardEdge edge) {
		this.parent = parent;
		this.edge = edge;
		this.child = edge.child.cursor;
		this.exact = edge.exact;
		this.account = edge.child.account;
	}

	@Override
	boolean run(Group single, MatchConsumer consumer) {
		this.candidate = this.edge.candidate();
		if (this.candidate.isEmpty() || !this.child.isAtHand()) {
			return true;
		}
		Cursor master = this.parent;
		this.shown = single;
		this.shown.beginRun(master.page.elements);
		this.candidate.beginRun(this.child.page.elements);
		this.matched = this.edge.candidateNumber();
		this.end = master.limit;
		boolean goesOn = true;
		while (goesOn && count(master.index, 1) > 0) {
			show(master.index);
			boolean isNew = this.alone;
			if (isNew) {
				this.candidate.deliveredIn(0);
			}
			goesOn = consumer.matched();
			if (isNew) {
				this.candidate.deliveredIn(this.account.commits());
			}
			this.edge.went(master.page, master.index, this.matched);
			master.advance();
			if (!single.markShown()) {
				if (this.alone) {
					this.candidate.markFailed();
				}
				break;
			}
		}
		this.end = 0;
		this.shown.endRun();
		this.candidate.endRun();
		return goesOn;
	}

	@Override
	int ahead(int most) {
		return count(this.parent.index + 1, most);
	}

	private int count(int first, int most) {
		int behind = Math.min(this.end, first + most);
		int next = this.child.index;
		int limit = this.child.limit;
		if (first >= behind || next >= limit) {
			return 0;
		}
		long[] left = this.edge.leftKeys(this.parent.page);
		long[] right = this.edge.rightKeys(this.child.page);
		long match = this.matched;
		int index = first;
		for (; index < behind; index++) {
			long key = left[index];
			if (isMatch(key, right[next])) {
				match = right[next];
				next++;
				if (next == limit || isMatch(key, right[next])) {
					break;
				}
			}
			if (this.edge.asked.isTooFar(key, match)) {
				break;
			}
		}
		return index - first;
	}

	private boolean isMatch(long left, long right) {
		return this.exact ? right <= left : right < left;
	}

	@Override
	void next(Group single) {
		int index = this.parent.index + 1;
		this.parent.index = index;
		show(index);
	}

	private void show(int index) {
		Cursor cursor = this.child;
		int next = cursor.index;
		long key = this.edge.rightKeys(cursor.page)[next];
		this.alone = isMatch(this.edge.leftKeys(this.parent.page)[index], key);
		if (this.alone) {
			cursor.index = next + 1;
			this.matched = key;
			this.candidate.startsOn(cursor.page);
			this.candidate.replace(next);
		}
		this.shown.goOn(index);
	}

}
