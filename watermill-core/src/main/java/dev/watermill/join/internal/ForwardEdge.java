package dev.watermill.join.internal;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.stream.SkipReason;
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
		AskedKey key = this.asked;
		key.ask(parent.keys[this.left], index);
		dropIfGone();
		Cursor cursor = this.child.cursor;
		while (!hasCandidate() && !this.over) {
			if (!cursor.hasNext()) {
				this.over = true;
				break;
			}
			KeyColumn keys = cursor.page.keys[this.right];
			long number = key.number(keys, cursor.index);
			Object right = key.object(keys, cursor.index);
			if (isUseless(key, number, right)) {
				pass();
				continue;
			}
			if (key.isTooFarBehind(number, right)) {
				break;
			}
			Answer answer = this.leaf ? Answer.MATCH : this.child.resolve();
			if (answer == Answer.MATCH) {
				take(cursor, number, right);
			}
			else if (answer == Answer.NONE) {
				this.child.skip(SkipReason.UNMATCHED);
			}
			else {
				this.over = true;
			}
		}
		return answer();
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
