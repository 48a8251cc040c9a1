package dev.watermill.engine.internal;

import java.util.Arrays;

import dev.watermill.count.MillCounters;
import dev.watermill.count.internal.NodeCounters;
import dev.watermill.stream.SkipReason;

/**
 * What all lanes counted at one node of the join tree. Thread-safe, but for {@link #add},
 * which one thread calls at a time.
 */
final class InputSums implements MillCounters.Input {

	private final Sum read = new Sum();

	private final Sum lost = new Sum();

	private final Sum[] skipped = new Sum[SkipReason.values().length];

	private final Sum[] deadLettered = new Sum[SkipReason.values().length];

	private final ReorderSums reorder = new ReorderSums();

	InputSums() {
		Arrays.setAll(this.deadLettered, (reason) -> new Sum());
		Arrays.setAll(this.skipped, (reason) -> new Sum());
	}

	void add(NodeCounters lane) {
		this.read.add(lane.read());
		this.lost.add(lane.lost());
		this.reorder.add(lane.reorder());
		for (SkipReason reason : SkipReason.values()) {
			skipped(reason).add(lane.skipped(reason));
			deadLettered(reason).add(lane.deadLettered(reason));
		}
	}

	@Override
	public Sum read() {
		return this.read;
	}

	@Override
	public Sum skipped(SkipReason reason) {
		return this.skipped[reason.ordinal()];
	}

	@Override
	public Sum deadLettered(SkipReason reason) {
		return this.deadLettered[reason.ordinal()];
	}

	@Override
	public Sum lost() {
		return this.lost;
	}

	@Override
	public ReorderSums reorder() {
		return this.reorder;
	}

}
