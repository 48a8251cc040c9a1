package dev.watermill.join;

import java.util.List;

import dev.watermill.key.internal.KeyWords;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one node of a join tree besides its counters, as of the last commit.
 * Immutable.
 *
 * @param key the key at which the stream stands, of its first expression, {@code null} if
 * it has none or nothing was read
 * @param groupSize how many elements have the key that was asked for last; 0 for the
 * master
 * @param lag how many elements stand behind those that were read, {@code null} while it
 * is unknown
 * @param progress how much of the stream was read, from 0 to 1, {@code null} while its
 * end is unknown
 * @param unmatched the keys that found no match, {@code null} if there were none, and for
 * the master
 * @param left between which left keys the parent was read, {@code null} if there are
 * none, and for the master
 * @param right between which right keys this stream was read, likewise
 * @since 0.1.0
 */
public record InputStatus(@Nullable Object key, int groupSize, @Nullable Long lag, @Nullable Double progress,
		@Nullable Unmatched unmatched, @Nullable KeyRange left, @Nullable KeyRange right) {

	/**
	 * Between which keys a stream was read, for people. Immutable.
	 *
	 * @param first the key of its first element since the mill started
	 * @param last the key of the last element that was read
	 */
	public record KeyRange(Object first, Object last) {

		@Override
		public String toString() {
			String from = KeyWords.describe(this.first);
			return this.first.equals(this.last) ? from : from + " to " + KeyWords.describe(this.last);
		}

	}

	/**
	 * The last keys that found no match at one edge of a join tree, and where the other
	 * side stood then. Immutable.
	 *
	 * @param recentLeft the last keys of the parent without a match, the latest first
	 * @param recentRight the last keys of the child that nobody asked for, the latest
	 * first
	 * @param leftLast whether the latest left one is later than the latest right one
	 * @param count how many keys of the parent found none at this very edge; those of
	 * which the child had elements that lacked matches of their own count at the edges
	 * below
	 */
	public record Unmatched(List<Key> recentLeft, List<Key> recentRight, boolean leftLast, long count) {

		/**
		 * Create what is known of keys without a match.
		 * @param recentLeft the last keys of the parent without a match, the latest first
		 * @param recentRight the last keys of the child that nobody asked for, likewise
		 * @param leftLast whether the latest left one is later than the latest right one
		 * @param count how many keys of the parent found none at this very edge
		 */
		public Unmatched {
			recentLeft = List.copyOf(recentLeft);
			recentRight = List.copyOf(recentRight);
		}

		/**
		 * Return the last key of the parent without a match.
		 * @return the key, {@code null} if all had one
		 */
		public @Nullable Key left() {
			return this.recentLeft.isEmpty() ? null : this.recentLeft.get(0);
		}

		/**
		 * Return the last key of the child that nobody asked for.
		 * @return the key, {@code null} if there was none
		 */
		public @Nullable Key right() {
			return this.recentRight.isEmpty() ? null : this.recentRight.get(0);
		}

		/**
		 * Say in words what happened last.
		 * @param leftStream the name of the parent
		 * @param rightStream the name of the child
		 * @return a text such as <em>left key 120 found no match: right stream 'b' is
		 * already at 130</em>, with text keys in quotes
		 */
		public String explain(String leftStream, String rightStream) {
			Key left = left();
			if (this.leftLast && left != null) {
				return "left key " + KeyWords.describe(left.key()) + " found no match: right stream '" + rightStream
						+ "' " + left.whereTheOtherIs();
			}
			Key right = right();
			return (right != null) ? "right key " + KeyWords.describe(right.key()) + " found no match: left stream '"
					+ leftStream + "' " + right.whereTheOtherIs() : "";
		}

		/**
		 * A key without a match.
		 *
		 * @param key the key
		 * @param otherAt the key at which the other side stood, {@code null} if it was
		 * over
		 */
		public record Key(Object key, @Nullable Object otherAt) {

			private String whereTheOtherIs() {
				return (this.otherAt != null) ? "is already at " + KeyWords.describe(this.otherAt) : "is over";
			}

		}

	}

}
