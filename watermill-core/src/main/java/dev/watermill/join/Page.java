package dev.watermill.join;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.key.KeyColumn;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * A batch as far as it was accepted: its valid elements in order, their keys beside them,
 * and where each can be read again. What is wrong with the element behind the last one is
 * kept until somebody asks for it, since a merge that never gets there has no reason to
 * fail.
 */
final class Page {

	final Object[] elements;

	/** A column for each ordered expression, then that of the window. */
	final KeyColumn[] keys;

	final int size;

	/** Whether the stream is over behind the last element. */
	final boolean ended;

	final @Nullable StreamException failure;

	private final @Nullable Batch<?> batch;

	/** The index in the batch for each element and for the end of the page. */
	private final int @Nullable [] source;

	private final @Nullable Position start;

	private final OrderedKeys ordered;

	/** The keys of the element before the first, as far as they are known. */
	private final @Nullable Object[] keysBefore;

	Page(Batch<?> batch, Object[] elements, KeyColumn[] keys, int size, int @Nullable [] source,
			@Nullable StreamException failure, OrderedKeys ordered, @Nullable Object[] keysBefore) {
		this.batch = batch;
		this.elements = elements;
		this.keys = keys;
		this.size = size;
		this.source = source;
		this.failure = failure;
		this.ended = failure == null && batch.status() == Batch.Status.ENDED;
		this.ordered = ordered;
		this.keysBefore = keysBefore;
		this.start = null;
	}

	/**
	 * The page before the first one that is read.
	 * @param start where reading begins
	 * @param ordered the expressions of the keys
	 * @param keysBefore the last accepted keys before it
	 */
	Page(@Nullable Position start, OrderedKeys ordered, @Nullable Object[] keysBefore) {
		this.batch = null;
		this.elements = new Object[0];
		this.keys = new KeyColumn[0];
		this.size = 0;
		this.source = null;
		this.failure = null;
		this.ended = false;
		this.ordered = ordered;
		this.keysBefore = keysBefore;
		this.start = start;
	}

	/**
	 * Whether anything was read for this page, be it elements that were not accepted.
	 */
	boolean isRead() {
		return this.batch != null && this.batch.size() > 0;
	}

	/**
	 * Whether the broker answered that nothing stands behind this page now.
	 */
	boolean isCaughtUp() {
		return this.batch != null && this.batch.status() == Batch.Status.CAUGHT_UP;
	}

	private int inBatch(int index) {
		return (this.source != null) ? this.source[index] : index;
	}

	@Nullable Position position(int index) {
		return (this.batch != null) ? this.batch.position(inBatch(index)) : this.start;
	}

	@Nullable ElementMetadata metadata(int index) {
		return (this.batch != null) ? this.batch.metadata(inBatch(index)) : null;
	}

	String origin(int index) {
		return (this.batch != null) ? this.batch.origin(inBatch(index)) : "its start";
	}

	/**
	 * The last accepted keys before an element.
	 */
	@Nullable Object[] keysBefore(int index) {
		if (index == 0) {
			return this.keysBefore;
		}
		@Nullable Object[] keys = new Object[this.keysBefore.length];
		for (int i = 0; i < keys.length; i++) {
			keys[i] = this.keys[i].get(index - 1);
		}
		return keys;
	}

	Checkpoint.Input checkpoint(int index) {
		Position position = position(index);
		return new Checkpoint.Input((position != null) ? position : Position.empty(),
				this.ordered.format(keysBefore(index)));
	}

}
