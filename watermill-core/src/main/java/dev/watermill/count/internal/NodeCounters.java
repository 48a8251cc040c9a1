package dev.watermill.count.internal;

import java.util.Arrays;
import java.util.function.Consumer;

import dev.watermill.count.MillCounters;
import dev.watermill.stream.SkipReason;

/**
 * What one lane counted at one node of the join tree. Written by the lane's thread; all
 * others see what is {@linkplain #publish() published}.
 *
 * @since 0.1.0
 */
public final class NodeCounters implements MillCounters.Input {

	private final CommittedCounter read = new CommittedCounter();

	private final CommittedCounter lost = new CommittedCounter();

	private final CommittedCounter[] skipped = new CommittedCounter[SkipReason.values().length];

	private final CommittedCounter[] deadLettered = new CommittedCounter[SkipReason.values().length];

	private final ReorderCounters reorder = new ReorderCounters();

	/**
	 * Create counters.
	 */
	public NodeCounters() {
		Arrays.setAll(this.deadLettered, (reason) -> new CommittedCounter());
		Arrays.setAll(this.skipped, (reason) -> new CommittedCounter());
	}

	/**
	 * Let others see what was counted.
	 */
	public void publish() {
		forEach(CommittedCounter::publish);
	}

	/**
	 * Count on from what others see.
	 */
	public void rollBack() {
		forEach(CommittedCounter::rollBack);
	}

	private void forEach(Consumer<CommittedCounter> task) {
		task.accept(this.read);
		task.accept(this.lost);
		for (CommittedCounter counter : this.skipped) {
			task.accept(counter);
		}
		for (CommittedCounter counter : this.deadLettered) {
			task.accept(counter);
		}
	}

	@Override
	public CommittedCounter read() {
		return this.read;
	}

	@Override
	public CommittedCounter skipped(SkipReason reason) {
		return this.skipped[reason.ordinal()];
	}

	@Override
	public CommittedCounter deadLettered(SkipReason reason) {
		return this.deadLettered[reason.ordinal()];
	}

	@Override
	public CommittedCounter lost() {
		return this.lost;
	}

	@Override
	public ReorderCounters reorder() {
		return this.reorder;
	}

}
