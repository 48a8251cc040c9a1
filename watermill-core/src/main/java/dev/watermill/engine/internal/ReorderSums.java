package dev.watermill.engine.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.watermill.count.MillCounters;
import dev.watermill.count.internal.ReorderCounters;

/**
 * What all lanes saw while they brought one stream into order. Thread-safe.
 */
final class ReorderSums implements MillCounters.Reorder {

	private final List<ReorderCounters> lanes = new CopyOnWriteArrayList<>();

	private final Sum late = new Sum();

	void add(ReorderCounters lane) {
		this.lanes.add(lane);
		this.late.add(lane.lateElements());
	}

	@Override
	public int depth() {
		return this.lanes.stream().mapToInt(ReorderCounters::depth).sum();
	}

	@Override
	public Sum lateElements() {
		return this.late;
	}

	@Override
	public double greatestLateness() {
		return this.lanes.stream().mapToDouble(ReorderCounters::greatestLateness).max().orElse(0);
	}

}
