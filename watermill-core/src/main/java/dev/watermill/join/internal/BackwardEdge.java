package dev.watermill.join.internal;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import org.jspecify.annotations.Nullable;

/**
 * The join of an element of the parent with the last complete element of the child that
 * is not behind it.
 *
 * <pre>
 *   parent      3     5 5   9      each element asks with its left key
 *               |     | |   |
 *   child    1 2  4 4       |10    the child goes on to the first greater key; the last complete
 *              ^    ^       ^      element before it is the candidate, which stays until a later one comes
 * </pre>
 *
 * It waits for a greater key, or the end of the child, since only then no later element
 * can be the match. One element is held, whatever the length of the streams.
 */
final class BackwardEdge extends CandidateEdge {

	BackwardEdge(Branch child, JoinNode definition, JoinKind.AsOf kind, int left, int right, boolean primitive,
			boolean reusable) {
		super(child, definition, kind, left, right, primitive, reusable);
	}

	@Override
	Answer seek(Page parent, int index) {
		this.asked.ask(parent.keys[this.left], index);
		readOn();
		dropIfGone();
		return answer();
	}

	@Override
	int ahead(Page parent, int first, int end) {
		return isPlain() ? ahead(parent, first, end, hasCandidate(), candidateNumber()) : 0;
	}

	@Override
	boolean isEnough(AskedKey key, long number, @Nullable Object right) {
		int comparison = key.compare(number, right);
		return comparison > 0 || (comparison == 0 && !this.exact);
	}

	@Override
	boolean isGone(AskedKey key, long number, @Nullable Object right) {
		return key.isTooFarBefore(number, right);
	}

	@Override
	boolean isUseless(AskedKey key, long number, @Nullable Object right) {
		return key.compare(number, right) < 0 && key.isTooFarBefore(number, right);
	}

}
