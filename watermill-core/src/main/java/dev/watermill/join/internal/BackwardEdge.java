package dev.watermill.join.internal;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.stream.SkipReason;
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
		AskedKey key = this.asked;
		key.ask(parent.keys[this.left], index);
		Cursor cursor = this.child.cursor;
		while (!this.over) {
			if (!cursor.hasNext()) {
				this.over = true;
				break;
			}
			KeyColumn keys = cursor.page.keys[this.right];
			long number = key.number(keys, cursor.index);
			Object right = key.object(keys, cursor.index);
			int comparison = key.compare(number, right);
			if (comparison > 0 || (comparison == 0 && !this.exact)) {
				break;
			}
			if (isUseless(key, number, right)) {
				pass();
				continue;
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
		dropIfGone();
		return answer();
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
