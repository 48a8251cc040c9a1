package dev.watermill.join.internal;

import dev.watermill.join.JoinNode;
import org.jspecify.annotations.Nullable;

/**
 * The join of an element of the parent with all complete elements of the child from some
 * distance before it to some distance behind it.
 *
 * <pre>
 *   parent          5   6            before 2, after 1
 *               |---+-|
 *                 |---+-|            what is asked for moves on with the left key
 *   child    1 2  3 4 6   8
 *              ^    +-----+          open: held once, in the matches of both; closed when the
 *              passed     cursor     left key goes on
 * </pre>
 *
 * It waits for a key that is farther behind, or the end of the child. What it holds is
 * what lies within the distance, and what is held above.
 */
final class WithinEdge extends HoldingEdge {

	/** Whether matches are as they were for the element that was asked for last. */
	private @Nullable Object by;

	/**
	 * What shows the matches where nothing but this edge holds them, {@code null} else.
	 */
	private final @Nullable Selection shown;

	private HeldMatches matches;

	WithinEdge(Branch child, JoinNode definition, JoinColumns columns, int node, boolean reusable, int maxGroupSize) {
		super(child, definition, columns, node, reusable, maxGroupSize);
		this.shown = reusable ? Selection.reused() : null;
		this.matches = (this.shown != null) ? this.shown : none();
	}

	@Override
	boolean matchesStayOne() {
		return this.shown != null;
	}

	@Override
	HeldMatches matches() {
		return this.matches;
	}

	@Override
	boolean hasMatch() {
		HeldChain chain = (this.by != null) ? chain(this.by) : null;
		return chain != null && !chain.isEmpty();
	}

	@Override
	Answer seek(Page parent, int index) {
		AskedKey key = this.asked;
		Object newBy = by(parent, index);
		boolean other = key.ask(parent.keys[this.left], index);
		if (!other && newBy.equals(this.by)) {
			return answer(!this.matches.isEmpty());
		}
		this.by = newBy;
		releaseMatches();
		closeGone();
		readOn();
		HeldChain chain = chain(newBy);
		if (this.shown != null) {
			this.shown.show(chain);
		}
		else if (chain != null && !chain.isEmpty()) {
			this.matches = new Selection(chain);
			this.matches.hold();
		}
		return answer(!this.matches.isEmpty());
	}

	@Override
	int ahead(Page parent, int first, int end) {
		return (isPlain() && isOfAll()) ? ahead(parent, first, end, hasTaken(), lastNumber()) : 0;
	}

	@Override
	boolean isEnough(AskedKey key, long number, @Nullable Object right) {
		return key.isTooFarBehind(number, right);
	}

	@Override
	void take(Cursor cursor, long number, @Nullable Object right) {
		hold(cursor, number, right);
	}

	@Override
	boolean isGone(AskedKey key, long number, @Nullable Object right) {
		return key.isTooFarBefore(number, right);
	}

	@Override
	void releaseMatches() {
		if (this.shown != null) {
			this.shown.show(null);
		}
		else if (this.matches != none()) {
			HeldMatches last = this.matches;
			this.matches = none();
			last.release(this.child);
		}
	}

}
