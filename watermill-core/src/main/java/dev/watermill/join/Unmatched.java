package dev.watermill.join;

import dev.watermill.key.internal.KeyWords;
import org.jspecify.annotations.Nullable;

/**
 * The last keys that found no match at one edge of a join tree, and where the other side
 * stood then. Immutable.
 *
 * @param left the last key of the parent without a match, {@code null} if all had one
 * @param right the last key of the child that nobody asked for, {@code null} if there was
 * none
 * @param leftLast whether the left one is the later of both
 * @param count how many keys of the parent found none at this very edge; those of which
 * the child had elements that lacked matches of their own count at the edges below
 * @since 0.1.0
 */
public record Unmatched(@Nullable Key left, @Nullable Key right, boolean leftLast, long count) {

	/**
	 * Say in words what happened last.
	 * @param leftStream the name of the parent
	 * @param rightStream the name of the child
	 * @return a text such as <em>left key 120 found no match: right stream 'b' is already
	 * at 130</em>, with text keys in quotes
	 */
	public String explain(String leftStream, String rightStream) {
		if (this.leftLast && this.left != null) {
			return "left key " + KeyWords.describe(this.left.key()) + " found no match: right stream '" + rightStream
					+ "' " + this.left.whereTheOtherIs();
		}
		return (this.right != null) ? "right key " + KeyWords.describe(this.right.key())
				+ " found no match: left stream '" + leftStream + "' " + this.right.whereTheOtherIs() : "";
	}

	/**
	 * A key without a match.
	 *
	 * @param key the key
	 * @param otherAt the key at which the other side stood, {@code null} if it was over
	 */
	public record Key(Object key, @Nullable Object otherAt) {

		private String whereTheOtherIs() {
			return (this.otherAt != null) ? "is already at " + KeyWords.describe(this.otherAt) : "is over";
		}

	}

}
