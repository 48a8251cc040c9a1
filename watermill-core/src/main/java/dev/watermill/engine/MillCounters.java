package dev.watermill.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.join.InputCounters;
import dev.watermill.stream.Counter;

/**
 * What was counted of a mill since it was made. Written by the mill's thread, readable by
 * all. Work that is repeated after a failure is counted again.
 *
 * @since 0.1.0
 */
public final class MillCounters {

	private final Map<String, InputCounters> inputs = new LinkedHashMap<>();

	private final Map<String, Counter> results = new LinkedHashMap<>();

	private final Counter deliveries = new Counter();

	private final Counter skippedDeliveries = new Counter();

	private volatile int windowSize;

	MillCounters(MillPlan plan) {
		plan.tree().nodes().forEach((node) -> this.inputs.put(node.stream(), new InputCounters()));
		plan.outputs().forEach((output) -> this.results.put(output.stream(), new Counter()));
	}

	/**
	 * What was counted at each node of the join tree.
	 * @return the counters by the name of the stream
	 */
	public Map<String, InputCounters> inputs() {
		return Collections.unmodifiableMap(this.inputs);
	}

	/**
	 * The results that were written.
	 * @return the counters by the name of the output stream
	 */
	public Map<String, Counter> results() {
		return Collections.unmodifiableMap(this.results);
	}

	/**
	 * The deliveries that were processed.
	 * @return the counter
	 */
	public Counter deliveries() {
		return this.deliveries;
	}

	/**
	 * The deliveries that were passed over since the function failed for them.
	 * @return the counter
	 */
	public Counter skippedDeliveries() {
		return this.skippedDeliveries;
	}

	/**
	 * How many elements the open window has.
	 * @return the number, 0 if there is no window
	 */
	public int windowSize() {
		return this.windowSize;
	}

	void windowSize(int size) {
		this.windowSize = size;
	}

}
