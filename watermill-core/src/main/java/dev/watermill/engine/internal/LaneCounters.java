package dev.watermill.engine.internal;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.count.internal.NodeCounters;
import dev.watermill.count.internal.OneWriterCounter;

/**
 * What one lane of a mill counted since the mill was made. Written by the lane's thread,
 * readable by all.
 */
final class LaneCounters {

	private final MillSums mill;

	private final Map<String, NodeCounters> nodes = new LinkedHashMap<>();

	private final Map<String, OneWriterCounter> results = new LinkedHashMap<>();

	private final OneWriterCounter deliveries = new OneWriterCounter();

	private final OneWriterCounter skippedDeliveries = new OneWriterCounter();

	private final OneWriterCounter restarts = new OneWriterCounter();

	private volatile int windowSize;

	private volatile int inFlight;

	LaneCounters(MillSums mill, Collection<String> nodes, Collection<String> outputs) {
		this.mill = mill;
		nodes.forEach((stream) -> this.nodes.put(stream, new NodeCounters()));
		outputs.forEach((stream) -> this.results.put(stream, new OneWriterCounter()));
	}

	/**
	 * What is counted at each node of the join tree.
	 * @return the counters by the name of the stream
	 */
	Map<String, NodeCounters> nodes() {
		return Collections.unmodifiableMap(this.nodes);
	}

	/**
	 * The results that were written.
	 * @return the counters by the name of the output stream
	 */
	Map<String, OneWriterCounter> results() {
		return Collections.unmodifiableMap(this.results);
	}

	/**
	 * The deliveries that were processed.
	 * @return the counter
	 */
	OneWriterCounter deliveries() {
		return this.deliveries;
	}

	/**
	 * The deliveries that were passed over since the function failed for them.
	 * @return the counter
	 */
	OneWriterCounter skippedDeliveries() {
		return this.skippedDeliveries;
	}

	/**
	 * The times that the lane was started again by itself.
	 * @return the counter
	 */
	OneWriterCounter restarts() {
		return this.restarts;
	}

	/**
	 * Whether nothing that was read got into any delivery so far.
	 * @return {@code true} if so
	 */
	boolean isNothingMatched() {
		return this.deliveries.get() + this.skippedDeliveries.get() + this.windowSize + this.inFlight == 0;
	}

	/**
	 * Set how many elements the open windows have.
	 * @param size the number
	 */
	void windowSize(int size) {
		this.windowSize = size;
	}

	/**
	 * Set how many deliveries are open.
	 * @param deliveries the number
	 */
	void inFlight(int deliveries) {
		this.inFlight = deliveries;
	}

	int inFlight() {
		return this.inFlight;
	}

	int windowSize() {
		return this.windowSize;
	}

	/**
	 * Take samples of the rates of the mill, after the counters were brought up to date.
	 * @param now the time in nanoseconds
	 */
	void sample(long now) {
		this.mill.sample(now);
	}

}
