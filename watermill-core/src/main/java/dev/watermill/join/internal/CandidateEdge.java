package dev.watermill.join.internal;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import org.jspecify.annotations.Nullable;

/**
 * An as-of join that holds one element of the child at most: the match of the element of
 * the parent that was asked for last, which may be that of the next one, too.
 */
abstract class CandidateEdge extends DistanceEdge {

	/** Whether an equal key counts. */
	final boolean exact;

	/** Whether nothing but this edge ever holds the candidate, so it is used again. */
	private final boolean reusable;

	/** The candidate, empty or one element, and its key. */
	private Group candidate;

	private long candidateNumber;

	private @Nullable Object candidateKey;

	CandidateEdge(Branch child, JoinNode definition, JoinKind.AsOf kind, int left, int right, boolean primitive,
			boolean reusable) {
		super(child, definition, left, right, primitive);
		this.exact = kind.exact();
		this.reusable = reusable;
		this.candidate = newGroup();
	}

	/**
	 * Whether the key of the candidate is no match of a left key, nor of any greater one.
	 */
	abstract boolean isGone(AskedKey key, long number, @Nullable Object right);

	@Override
	final HeldMatches matches() {
		return this.candidate;
	}

	@Override
	final boolean hasMatch() {
		return hasCandidate();
	}

	final boolean hasCandidate() {
		return !this.candidate.isEmpty();
	}

	final Group candidate() {
		return this.candidate;
	}

	final long candidateNumber() {
		return this.candidateNumber;
	}

	/**
	 * Whether it is all about keys that are longs and one candidate, in one group.
	 */
	final boolean isReusable() {
		return this.reusable && isPlain();
	}

	/**
	 * Note whose key a run went on to last, and the key of the candidate, which is its
	 * match.
	 */
	final void went(Page parent, int index, long key) {
		this.asked.ask(parent.keys[this.left], index);
		this.candidateNumber = key;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * It becomes the candidate, in place of another one.
	 */
	@Override
	final void take(Cursor cursor, long number, @Nullable Object right) {
		drop();
		this.candidateNumber = number;
		this.candidateKey = right;
		this.candidate.add(cursor.page, cursor.index, this.child.edges);
		cursor.advance();
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
		return answer(hasCandidate(), true);
	}

	@Override
	final boolean isKnownOver(Page parent, int index) {
		if (!this.required || !isEndKnown()) {
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
		return (least != null) ? isNothingSeen() : isEndSeen();
	}

	@Override
	final void release() {
		this.candidate.release(this.child);
	}

}
