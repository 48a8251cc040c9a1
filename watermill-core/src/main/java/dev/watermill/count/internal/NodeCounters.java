package dev.watermill.count.internal;

import java.util.Arrays;

import dev.watermill.count.MillCounters;
import dev.watermill.stream.SkipReason;

/**
 * What one lane counted at one node of the join tree. Written by the lane's thread,
 * readable by all.
 *
 * @since 0.1.0
 */
public final class NodeCounters implements MillCounters.Input {

	private final OneWriterCounter read = new OneWriterCounter();

	private final OneWriterCounter lost = new OneWriterCounter();

	private final OneWriterCounter[] skipped = new OneWriterCounter[SkipReason.values().length];

	private final OneWriterCounter[] deadLettered = new OneWriterCounter[SkipReason.values().length];

	private final ReorderCounters reorder = new ReorderCounters();

	/**
	 * Create counters.
	 */
	public NodeCounters() {
		Arrays.setAll(this.deadLettered, (reason) -> new OneWriterCounter());
		Arrays.setAll(this.skipped, (reason) -> new OneWriterCounter());
	}

	@Override
	public OneWriterCounter read() {
		return this.read;
	}

	@Override
	public OneWriterCounter skipped(SkipReason reason) {
		return this.skipped[reason.ordinal()];
	}

	@Override
	public OneWriterCounter deadLettered(SkipReason reason) {
		return this.deadLettered[reason.ordinal()];
	}

	@Override
	public OneWriterCounter lost() {
		return this.lost;
	}

	@Override
	public ReorderCounters reorder() {
		return this.reorder;
	}

}
