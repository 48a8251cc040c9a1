package dev.watermill.count.internal;

import dev.watermill.count.MillCounters;

/**
 * What one lane saw while it brought a stream into order. Written by the lane's thread,
 * readable by all.
 *
 * @since 0.1.0
 */
public final class ReorderCounters implements MillCounters.Reorder {

	private final OneWriterCounter late = new OneWriterCounter();

	private volatile int depth;

	private volatile double greatestLateness;

	/**
	 * Create counters.
	 */
	public ReorderCounters() {
	}

	/**
	 * An element came whose place was passed.
	 */
	public void late() {
		this.late.increment();
	}

	/**
	 * An element came whose key is less than one before it.
	 * @param lateness by how much
	 */
	public void lagged(double lateness) {
		if (lateness > this.greatestLateness) {
			this.greatestLateness = lateness;
		}
	}

	/**
	 * More elements wait now, or fewer.
	 * @param elements how many more
	 */
	public void deeper(int elements) {
		if (elements != 0) {
			this.depth = this.depth + elements;
		}
	}

	@Override
	public int depth() {
		return this.depth;
	}

	@Override
	public OneWriterCounter lateElements() {
		return this.late;
	}

	@Override
	public double greatestLateness() {
		return this.greatestLateness;
	}

}
