package dev.watermill.join;

import java.util.Locale;

import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import org.jspecify.annotations.Nullable;

/**
 * Which elements of a child match an element of its parent, by the left key of the one
 * and the right key of the other. Immutable.
 *
 * @since 0.1.0
 */
public sealed interface JoinKind {

	/**
	 * All with an equal key.
	 */
	JoinKind EQUAL = new Equal();

	/**
	 * Return what has to be equal besides, of which no order is asked.
	 * @return the expressions, {@code null} if there are none
	 */
	default @Nullable By by() {
		return null;
	}

	/**
	 * Whether an element may be needed however far later keys are from its own, so that
	 * nothing but its successors lets it go.
	 * @return {@code true} if so
	 */
	default boolean holdsForEver() {
		return false;
	}

	/**
	 * Say in words which elements match.
	 * @return a text such as <em>as of backward, tolerance 5, by 'symbol'</em>, empty for
	 * equal keys
	 */
	String describe();

	private static String describe(@Nullable By by) {
		if (by == null) {
			return "";
		}
		String left = by.left().description();
		String right = by.right().description();
		return ", by '" + left + "'" + (left.equals(right) ? "" : " and '" + right + "'");
	}

	/**
	 * All with an equal key.
	 */
	record Equal() implements JoinKind {

		@Override
		public String describe() {
			return "";
		}

	}

	/**
	 * At most one: the last one before, or the first one behind, or the nearer of both.
	 *
	 * @param direction where it is looked for
	 * @param exact whether an equal key counts
	 * @param tolerance how far it may be, inclusive, {@code null} for any distance
	 * @param by what has to be equal besides, {@code null} for nothing
	 */
	record AsOf(Direction direction, boolean exact, @Nullable KeySpan tolerance, @Nullable By by) implements JoinKind {

		/**
		 * {@inheritDoc}
		 * <p>
		 * The last element of a value of which no other one comes.
		 */
		@Override
		public boolean holdsForEver() {
			return this.by != null && this.tolerance == null;
		}

		@Override
		public String describe() {
			return "as of " + this.direction.name().toLowerCase(Locale.ROOT) + (this.exact ? "" : ", not exact")
					+ ((this.tolerance != null) ? ", tolerance " + this.tolerance : "") + JoinKind.describe(this.by);
		}

	}

	/**
	 * All from some distance before to some distance behind, both inclusive.
	 *
	 * @param before how far before the left key the right key may be
	 * @param after how far behind it
	 * @param by what has to be equal besides, {@code null} for nothing
	 */
	record Within(KeySpan before, KeySpan after, @Nullable By by) implements JoinKind {

		@Override
		public String describe() {
			return "within " + this.before + " before and " + this.after + " after" + JoinKind.describe(this.by);
		}

	}

	/**
	 * A second pair of expressions, which have to be equal.
	 *
	 * @param left that of the parent's elements
	 * @param right that of the child's
	 */
	record By(KeyFunction<?> left, KeyFunction<?> right) {

	}

	/**
	 * Where an as-of join looks for a match.
	 */
	enum Direction {

		/**
		 * The greatest right key that is not greater than the left key; of equal ones the
		 * last.
		 */
		BACKWARD,

		/**
		 * The least right key that is not less than the left key; of equal ones the
		 * first.
		 */
		FORWARD,

		/**
		 * The nearer of these two; if both are equally far, the one before.
		 */
		NEAREST

	}

}
