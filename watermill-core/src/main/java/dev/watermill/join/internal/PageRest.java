package dev.watermill.join.internal;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Checkpoint;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a page, or may be when it is gone, to tell where some of its elements
 * stand. Holds what the broker read there, and nothing of the merge. Immutable.
 */
final class PageRest {

	private final Batch<?> batch;

	private final int[] inBatch;

	private final int from;

	/** The number of the first of the elements. */
	private final long number;

	private final OrderedKeys ordered;

	/** The keys of the element before the first of them, then of each. */
	private final @Nullable Object[][] keys;

	/**
	 * Keep what is to be known of elements that stand side by side.
	 * @param page their page, which is there
	 * @param from the index of the first of them
	 * @param to the index behind the last one
	 */
	PageRest(Page page, Batch<?> batch, OrderedKeys ordered, int from, int to) {
		this.batch = batch;
		this.from = from;
		this.number = page.number + from;
		this.ordered = ordered;
		this.inBatch = new int[to - from];
		this.keys = new Object[to - from + 1][];
		this.keys[0] = page.keysBefore(from);
		for (int index = from; index < to; index++) {
			this.inBatch[index - from] = page.inBatch(index);
			this.keys[index - from + 1] = page.keysAt(index);
		}
	}

	private @Nullable Object key(int at) {
		return (this.ordered.size() > 0) ? this.keys[at + 1][0] : null;
	}

	/**
	 * The number of an element in this run.
	 * @param index its index on the page
	 */
	long number(int index) {
		return this.number + index - this.from;
	}

	/**
	 * Note down all that is ever asked of an element besides itself.
	 * @param index its index on the page
	 */
	NotedStanding note(int index) {
		int at = index - this.from;
		int place = this.inBatch[at];
		Position position = this.batch.position(place);
		return new NotedStanding(number(index), new Checkpoint.Input(position, this.ordered.format(this.keys[at])),
				this.batch.origin(place), this.batch.metadata(place), key(at));
	}

	/**
	 * Where an element stands.
	 * @param index its index on the page
	 */
	Standing standing(int index) {
		int at = index - this.from;
		return new ReadStanding(this.batch, this.inBatch[at], key(at));
	}

}
