package dev.watermill.engine.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

import dev.watermill.count.Counter;
import dev.watermill.count.MillCounters;
import dev.watermill.count.internal.OneWriterCounter;

/**
 * What a mill counted: the sums of what its lanes did. A lane that ends leaves what it
 * counted, and goes on counting there when it begins again. Thread-safe.
 */
final class MillSums implements MillCounters {

	private final Map<String, InputSums> inputs = new LinkedHashMap<>();

	private final Map<String, Sum> results = new LinkedHashMap<>();

	private final Sum deliveries = new Sum();

	private final Sum skippedDeliveries = new Sum();

	private final Sum restarts = new Sum();

	/** Of the mill as a whole, counted by the thread that keeps its lanes. */
	private final OneWriterCounter ownRestarts = new OneWriterCounter();

	private final Map<String, SampledRate> readRates = new LinkedHashMap<>();

	private final Map<String, SampledRate> resultRates = new LinkedHashMap<>();

	private final SampledRate deliveryRate;

	private final List<SampledRate> rates = new ArrayList<>();

	private final Map<Integer, LaneCounters> lanes = new ConcurrentSkipListMap<>();

	/**
	 * Create counters that have counted nothing.
	 * @param inputs the names of the streams of the join tree
	 * @param outputs the names of the output streams
	 * @param ticker measures time for the rates, in nanoseconds
	 */
	MillSums(List<String> inputs, List<String> outputs, LongSupplier ticker) {
		inputs.forEach((stream) -> this.inputs.put(stream, new InputSums()));
		outputs.forEach((stream) -> this.results.put(stream, new Sum()));
		this.inputs.forEach((stream, input) -> this.readRates.put(stream, new SampledRate(input.read(), ticker)));
		this.results.forEach((stream, count) -> this.resultRates.put(stream, new SampledRate(count, ticker)));
		this.deliveryRate = new SampledRate(this.deliveries, ticker);
		this.rates.addAll(this.readRates.values());
		this.rates.addAll(this.resultRates.values());
		this.rates.add(this.deliveryRate);
		this.restarts.add(this.ownRestarts);
	}

	/**
	 * Return what one lane counts, which only that lane writes.
	 * @param number the number of the lane
	 * @return its counters, always the same
	 */
	synchronized LaneCounters lane(int number) {
		return this.lanes.computeIfAbsent(number, (missing) -> newLane());
	}

	private LaneCounters newLane() {
		LaneCounters lane = new LaneCounters(this, this.inputs.keySet(), this.results.keySet());
		this.inputs.forEach((stream, sum) -> sum.add(Objects.requireNonNull(lane.nodes().get(stream))));
		this.results.forEach((stream, sum) -> sum.add(Objects.requireNonNull(lane.results().get(stream))));
		this.deliveries.add(lane.deliveries());
		this.skippedDeliveries.add(lane.skippedDeliveries());
		this.restarts.add(lane.restarts());
		return lane;
	}

	void sample(long now) {
		for (SampledRate rate : this.rates) {
			rate.sample(now);
		}
	}

	@Override
	public Map<String, MillCounters.Input> inputs() {
		return Collections.unmodifiableMap(this.inputs);
	}

	@Override
	public Map<String, Counter> results() {
		return Collections.unmodifiableMap(this.results);
	}

	@Override
	public Counter deliveries() {
		return this.deliveries;
	}

	@Override
	public Counter skippedDeliveries() {
		return this.skippedDeliveries;
	}

	@Override
	public Counter restarts() {
		return this.restarts;
	}

	OneWriterCounter ownRestarts() {
		return this.ownRestarts;
	}

	@Override
	public Map<String, Counter.Rate> readRates() {
		return Collections.unmodifiableMap(this.readRates);
	}

	@Override
	public Map<String, Counter.Rate> resultRates() {
		return Collections.unmodifiableMap(this.resultRates);
	}

	@Override
	public Counter.Rate deliveryRate() {
		return this.deliveryRate;
	}

	@Override
	public int inFlight() {
		return this.lanes.values().stream().mapToInt(LaneCounters::inFlight).sum();
	}

	@Override
	public int windowSize() {
		return this.lanes.values().stream().mapToInt(LaneCounters::windowSize).sum();
	}

	@Override
	public int windowSize(int lane) {
		LaneCounters counted = this.lanes.get(lane);
		return (counted != null) ? counted.windowSize() : 0;
	}

}
