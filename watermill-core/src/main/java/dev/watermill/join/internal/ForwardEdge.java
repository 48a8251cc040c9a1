package dev.watermill.join.internal;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import org.jspecify.annotations.Nullable;

/**
 * The join of an element of the parent with the first complete element of the child that
 * is not before it. It waits for that one, and for nothing behind it; it serves all
 * elements of the parent up to its own key.
 */
final class ForwardEdge extends CandidateEdge {

	ForwardEdge(Branch child, JoinNode definition, JoinKind.AsOf kind, int left, int right, boolean primitive,
			boolean reusable) {
		super(child, definition, kind, left, right, primitive, reusable);
	}

	@Override
	Answer seek(Page parent, int index) {
		this.asked.ask(parent.keys[this.left], index);
		dropIfGone();
		readOn();
		return answer();
	}

	@Override
	boolean isDecided() {
		return hasCandidate();
	}

	@Override
	boolean isEnough(AskedKey key, long number, @Nullable Object right) {
		return key.compare(number, right) >= 0 && key.isTooFarBehind(number, right);
	}

	@Override
	boolean isGone(AskedKey key, long number, @Nullable Object right) {
		int comparison = key.compare(number, right);
		return comparison < 0 || (comparison == 0 && !this.exact);
	}

	@Override
	boolean isUseless(AskedKey key, long number, @Nullable Object right) {
		return isGone(key, number, right);
	}

}
