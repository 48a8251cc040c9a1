package dev.watermill.join.internal;

import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * What has to be equal on both sides of a join besides its keys. No order is asked of it,
 * so nothing but this would ever compare the sides: values of two kinds, as JSON may have
 * them in one stream as texts and in the other as numbers, would just never match. Used
 * by one thread.
 */
final class EqualValues {

	static final Object ALL = "";

	private final JoinNode definition;

	private final Branch child;

	private final int leftColumn;

	private final int rightColumn;

	/** The first value of each side, as long as the sides have not been compared. */
	private @Nullable Object left;

	private @Nullable Object right;

	private boolean alike;

	EqualValues(JoinNode definition, Branch child, int leftColumn, int rightColumn) {
		this.definition = definition;
		this.child = child;
		this.leftColumn = leftColumn;
		this.rightColumn = rightColumn;
		this.alike = leftColumn < 0;
	}

	/**
	 * Whether nothing has to be equal.
	 */
	boolean areNone() {
		return this.leftColumn < 0;
	}

	/**
	 * The value of an element of the parent; of all the same if there is nothing.
	 */
	Object left(Page parent, int index) {
		Object value = value(parent, this.leftColumn, index);
		if (!this.alike) {
			this.left = value;
			compare();
		}
		return value;
	}

	/**
	 * The value of an element of the child; of all the same if there is nothing.
	 */
	Object right(Page page, int index) {
		Object value = value(page, this.rightColumn, index);
		if (!this.alike) {
			this.right = value;
			compare();
		}
		return value;
	}

	private static Object value(Page page, int column, int index) {
		return (column < 0) ? ALL : Keys.identity(page.keys[column].get(index));
	}

	private void compare() {
		Object ofLeft = this.left;
		Object ofRight = this.right;
		if (ofLeft == null || ofRight == null) {
			return;
		}
		try {
			Keys.compare(ofLeft, ofRight);
			this.alike = true;
		}
		catch (Keys.IncomparableException ex) {
			JoinKind.By by = this.definition.kind().by();
			String names = (by != null) ? " '" + by.left().description() + "' and '" + by.right().description() + "'"
					: "";
			throw new StreamException(this.definition.stream(),
					"at " + this.child.cursor.page.origin(this.child.cursor.index) + ": nothing matches where" + names
							+ " have to be equal: " + ex.getMessage() + ". Use values of one kind.",
					ex);
		}
	}

}
