package dev.watermill.join.internal;

import dev.watermill.join.JoinNode;
import org.jspecify.annotations.Nullable;

/**
 * The join of {@link WithinEdge} in its commonest case: the child has nothing below it,
 * keys are longs, nothing has to be equal besides, and nothing but the edge holds
 * matches. What it holds are the matches of the element of the parent that was asked for
 * last, neither more nor less.
 */
final class NearEdge extends DistanceEdge {

	private final HeldRun run = new HeldRun();

	private final int maxGroupSize;

	NearEdge(Branch child, JoinNode definition, int left, int right, int maxGroupSize) {
		super(child, definition, left, right, true);
		this.maxGroupSize = maxGroupSize;
	}

	@Override
	HeldMatches matches() {
		return this.run;
	}

	@Override
	boolean hasMatch() {
		return !this.run.isEmpty();
	}

	@Override
	Answer seek(Page parent, int index) {
		if (this.asked.ask(parent.keys[this.left], index)) {
			this.run.closeBefore(this.asked.least, this.child.account);
			if (!takeAtOnce()) {
				readOn();
			}
		}
		return answer(!this.run.isEmpty(), this.run.isEmpty());
	}

	/**
	 * Take what is near of this page.
	 * @return whether that is all
	 */
	private boolean takeAtOnce() {
		Cursor cursor = this.child.cursor;
		int from = cursor.index;
		int most = Math.min(cursor.limit, from + this.maxGroupSize - this.run.size());
		if (from >= most) {
			return false;
		}
		long[] keys = rightKeys(cursor.page);
		if (keys[from] < this.asked.least) {
			return false;
		}
		long greatest = this.asked.greatest;
		int to = from;
		while (to < most && keys[to] <= greatest) {
			to++;
		}
		if (to > from) {
			this.run.add(cursor.page, keys, from, to - from);
			cursor.index = to;
		}
		return to < most;
	}

	@Override
	void take(Cursor cursor, long number, @Nullable Object right) {
		if (this.run.size() == this.maxGroupSize) {
			throw HoldingEdge.tooMany(this.child, this.maxGroupSize);
		}
		this.run.add(cursor.page, rightKeys(cursor.page), cursor.index, 1);
		cursor.advance();
	}

	@Override
	int ahead(Page parent, int first, int end) {
		Cursor cursor = this.child.cursor;
		int next = cursor.index;
		int limit = cursor.limit;
		if (next >= limit) {
			return 0;
		}
		long[] lefts = leftKeys(parent);
		long[] rights = rightKeys(cursor.page);
		long farthest = rights[limit - 1];
		AskedKey key = this.asked;
		boolean any = !this.required || !this.run.isEmpty();
		long last = (this.required && any) ? this.run.lastNumber() : Long.MAX_VALUE;
		int index = first;
		for (; index < end; index++) {
			long left = lefts[index];
			long greatest = key.greatest(left);
			if (greatest >= farthest) {
				break;
			}
			if (this.required) {
				while (rights[next] <= greatest) {
					last = rights[next++];
					any = true;
				}
				if (!any || last < key.least(left)) {
					break;
				}
			}
		}
		return index - first;
	}

	@Override
	boolean isEnough(AskedKey key, long number, @Nullable Object right) {
		return number > key.greatest;
	}

	@Override
	boolean isUseless(AskedKey key, long number, @Nullable Object right) {
		return number < key.least;
	}

	@Override
	boolean isKnownOver(Page parent, int index) {
		if (!this.required || !isEndKnown()) {
			return false;
		}
		this.probe.ask(parent.keys[this.left], index);
		return isNothingLeft();
	}

	private boolean isNothingLeft() {
		return this.run.isEmpty() || this.run.lastNumber() < this.probe.least;
	}

	@Override
	boolean isSeenOver(Cursor parent) {
		if (!this.required) {
			return false;
		}
		Object least = parent.leastKey(this.left);
		if (least == null) {
			return this.run.isEmpty() && isEndSeen();
		}
		this.probe.ask(least);
		return isNothingLeft() && isNothingSeen();
	}

	@Override
	void release() {
		this.run.closeAll(this.child.account);
	}

}
