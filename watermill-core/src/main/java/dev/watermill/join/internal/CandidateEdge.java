package dev.watermill.join.internal;

import dev.watermill.join.InputStatus;
import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * An as-of join that holds one element of the child at most: the match of the element of
 * the parent that was asked for last, which may be that of the next one, too.
 */
abstract class CandidateEdge extends Edge {

	final boolean leaf;

	/** Whether an equal key counts. */
	final boolean exact;

	final AskedKey asked;

	/** A key that somebody asks about, while another one is asked for. */
	private final AskedKey probe;

	/** Whether nothing but this edge ever holds the candidate, so it is used again. */
	private final boolean reusable;

	private final UnmatchedKeys unmatched;

	/** The candidate, empty or one element, and its key. */
	private Group candidate;

	private long candidateNumber;

	private @Nullable Object candidateKey;

	/** Whether nothing more comes from the child. */
	boolean over;

	CandidateEdge(Branch child, JoinNode definition, JoinKind.AsOf kind, int left, int right, boolean primitive,
			boolean reusable) {
		super(child, left, right, !definition.optional());
		this.leaf = child.edges.length == 0;
		this.exact = kind.exact();
		this.asked = new AskedKey(definition, primitive, () -> child.cursor.page.origin(child.cursor.index));
		this.probe = new AskedKey(definition, primitive, () -> child.cursor.page.origin(child.cursor.index));
		this.reusable = reusable;
		this.unmatched = new UnmatchedKeys(primitive, definition.rightKey() instanceof KeyFunction.OfDouble);
		this.candidate = newGroup();
	}

	/**
	 * Whether the key of the candidate is no match of a left key, nor of any greater one.
	 */
	abstract boolean isGone(AskedKey key, long number, @Nullable Object right);

	/**
	 * Whether a right key at which the child stands can't match a left key, nor any
	 * greater one.
	 */
	abstract boolean isUseless(AskedKey key, long number, @Nullable Object right);

	@Override
	final HeldMatches matches() {
		return this.candidate;
	}

	final boolean hasCandidate() {
		return !this.candidate.isEmpty();
	}

	/**
	 * Make the element at which the child stands the candidate, in place of another one.
	 */
	final void take(Cursor cursor, long number, @Nullable Object right) {
		drop();
		this.candidateNumber = number;
		this.candidateKey = right;
		this.candidate.add(cursor.page, cursor.index, this.child.edges);
		cursor.advance();
	}

	final void pass() {
		Cursor cursor = this.child.cursor;
		this.unmatched.right(cursor.page.keys[this.right], cursor.index, this.asked.number, this.asked.key);
		this.child.skip(SkipReason.UNMATCHED);
	}

	/**
	 * Let go of the candidate if neither the key that is asked for nor a later one has it
	 * for a match.
	 */
	final void dropIfGone() {
		if (!this.candidate.isEmpty() && isGone(this.asked, this.candidateNumber, this.candidateKey)) {
			drop();
		}
	}

	private void drop() {
		if (this.reusable) {
			this.candidate.restart(this.child);
		}
		else {
			// an empty one, too, may be what elements above have for their matches
			this.candidate.release(this.child);
			this.candidate = newGroup();
		}
	}

	private Group newGroup() {
		Group group = new Group(this.child.edges.length);
		group.hold();
		return group;
	}

	final Answer answer() {
		if (!this.candidate.isEmpty()) {
			return Answer.MATCH;
		}
		noteUnmatched();
		if (!this.required) {
			return Answer.MATCH;
		}
		return this.over ? Answer.OVER : Answer.NONE;
	}

	private void noteUnmatched() {
		Cursor cursor = this.child.cursor;
		if (cursor.isAtHand()) {
			KeyColumn keys = cursor.page.keys[this.right];
			this.unmatched.left(this.asked.number, this.asked.key, keys, cursor.index);
		}
		else {
			this.unmatched.leftAtEnd(this.asked.number, this.asked.key);
		}
	}

	@Override
	final boolean isKnownOver(Page parent, int index) {
		if (!this.required || !(this.over || this.child.cursor.isKnownOver())) {
			return false;
		}
		if (this.candidate.isEmpty()) {
			return true;
		}
		this.probe.ask(parent.keys[this.left], index);
		return isGone(this.probe, this.candidateNumber, this.candidateKey);
	}

	@Override
	final boolean isSeenOver(Cursor parent) {
		if (!this.required) {
			return false;
		}
		Object least = parent.leastKey(this.left);
		if (least != null) {
			this.probe.ask(least);
		}
		if (!this.candidate.isEmpty()
				&& (least == null || !isGone(this.probe, this.candidateNumber, this.candidateKey))) {
			return false;
		}
		return this.over || hasNothingFrom(least != null) || this.child.isSeenOver();
	}

	private boolean hasNothingFrom(boolean known) {
		Cursor cursor = this.child.cursor;
		while (!cursor.isOver()) {
			if (!known || !cursor.isAtHand()) {
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

	@Override
	final void release() {
		this.candidate.release(this.child);
	}

	@Override
	final InputStatus.@Nullable Unmatched unmatched() {
		return this.unmatched.get();
	}

}
