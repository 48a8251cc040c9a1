package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.List;

import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import org.jspecify.annotations.Nullable;

/**
 * The keys that are computed of each element of a stream, a column for each expression:
 * those that never decrease, those that are only compared with what has to be equal of
 * another stream, and the last one for the window key, if that is neither. Used by one
 * thread.
 */
final class PageKeys {

	private final OrderedKeys ordered;

	private final List<KeyFunction<?>> expressions;

	/** The column of the window key, or behind the last one if there is none. */
	private final int windowColumn;

	/** The columns of a page that is gone, {@code null} if they are in use again. */
	private KeyColumn @Nullable [] spare;

	PageKeys(OrderedKeys ordered, List<KeyFunction<?>> equal, @Nullable KeyFunction<?> windowKey) {
		List<KeyFunction<?>> functions = new ArrayList<>();
		for (int i = 0; i < ordered.size(); i++) {
			functions.add(ordered.get(i));
		}
		functions.addAll(equal);
		this.windowColumn = functions.size();
		if (windowKey != null) {
			functions.add(windowKey);
		}
		this.ordered = ordered;
		this.expressions = functions;
	}

	private PageKeys(PageKeys others) {
		this.ordered = others.ordered;
		this.expressions = others.expressions;
		this.windowColumn = others.windowColumn;
	}

	/**
	 * Return the same for the pages of one partition.
	 */
	PageKeys ofPartition() {
		return new PageKeys(this);
	}

	/**
	 * The expressions whose keys never decrease, which have the first columns.
	 */
	OrderedKeys ordered() {
		return this.ordered;
	}

	/**
	 * All expressions whose keys an element must have, in the order of their columns.
	 */
	List<KeyFunction<?>> expressions() {
		return this.expressions;
	}

	/**
	 * Whether the first key compares as a {@code long}.
	 */
	boolean isPrimitive() {
		return KeyColumn.isPrimitive(this.ordered.get(0));
	}

	int windowColumn() {
		return this.windowColumn;
	}

	/**
	 * Whether there is a column for the window key alone.
	 */
	boolean isWindowed() {
		return this.windowColumn < this.expressions.size();
	}

	/**
	 * Say how the keys of a column are computed.
	 */
	String describe(int column) {
		return (column < this.expressions.size()) ? this.expressions.get(column).description() : "";
	}

	/**
	 * Return columns for keys that are yet to be computed.
	 * @param size for how many elements
	 */
	KeyColumn[] columns(int size) {
		KeyColumn[] found = this.spare;
		if (found == null || !areReusable(found, size)) {
			return this.expressions.stream().map((key) -> KeyColumn.of(key, size)).toArray(KeyColumn[]::new);
		}
		this.spare = null;
		return found;
	}

	private static boolean areReusable(KeyColumn[] columns, int size) {
		for (KeyColumn column : columns) {
			if (!column.isReusable(size)) {
				return false;
			}
		}
		return columns.length > 0;
	}

	/**
	 * Take back the columns of a page that is gone. They are in the processor's cache,
	 * where new ones are not: to fill those is a good part of what it costs to accept.
	 */
	void reuse(KeyColumn[] columns) {
		this.spare = columns;
	}

}
