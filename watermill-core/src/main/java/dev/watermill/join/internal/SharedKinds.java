package dev.watermill.join.internal;

import java.util.List;

import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.KeyKind;
import dev.watermill.key.internal.Keys;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of the keys of a stream whose partitions are merged, where their type does
 * not tell: those of the first element that was accepted. A partition in which keys of
 * another kind stand is told so where it is read. Used by one thread.
 */
final class SharedKinds {

	/** The first key of each expression. */
	private final @Nullable Object[] first;

	private boolean known;

	SharedKinds(List<KeyFunction<?>> functions) {
		this.first = new Object[functions.size()];
		this.known = functions.stream().allMatch((function) -> KeyKind.ofType(function.type()).isKnown());
	}

	/**
	 * Whether nothing that is read can change them.
	 */
	boolean areKnown() {
		return this.known;
	}

	/**
	 * Note the kinds of the first element of a page.
	 */
	void note(KeyColumn[] columns) {
		if (!this.known) {
			for (int i = 0; i < columns.length; i++) {
				this.first[i] = columns[i].get(0);
			}
			this.known = true;
		}
	}

	/**
	 * Check the first key of a partition.
	 * @throws Keys.IncomparableException if it is of another kind
	 */
	void require(int column, Object key) {
		Object before = this.first[column];
		if (before != null) {
			Keys.compare(key, before);
		}
	}

}
