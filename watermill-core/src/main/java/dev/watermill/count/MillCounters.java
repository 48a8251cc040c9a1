package dev.watermill.count;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

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

	private final Map<String, Rate> readRates = new LinkedHashMap<>();

	private final Map<String, Rate> resultRates = new LinkedHashMap<>();

	private final Rate deliveryRate;

	private final List<Rate> rates = new ArrayList<>();

	private volatile int windowSize;

	/**
	 * Create counters that have counted nothing.
	 * @param inputs the names of the streams of the join tree
	 * @param outputs the names of the output streams
	 * @param ticker measures time for the rates, in nanoseconds
	 */
	public MillCounters(List<String> inputs, List<String> outputs, LongSupplier ticker) {
		inputs.forEach((stream) -> this.inputs.put(stream, new InputCounters()));
		outputs.forEach((stream) -> this.results.put(stream, new Counter()));
		this.inputs.forEach((stream, input) -> this.readRates.put(stream, new Rate(input.read(), ticker)));
		this.results.forEach((stream, count) -> this.resultRates.put(stream, new Rate(count, ticker)));
		this.deliveryRate = new Rate(this.deliveries, ticker);
		this.rates.addAll(this.readRates.values());
		this.rates.addAll(this.resultRates.values());
		this.rates.add(this.deliveryRate);
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
	 * How fast each stream of the join tree is read.
	 * @return the rates by the name of the stream
	 */
	public Map<String, Rate> readRates() {
		return Collections.unmodifiableMap(this.readRates);
	}

	/**
	 * How fast results are written.
	 * @return the rates by the name of the output stream
	 */
	public Map<String, Rate> resultRates() {
		return Collections.unmodifiableMap(this.resultRates);
	}

	/**
	 * How fast deliveries are processed.
	 * @return the rate
	 */
	public Rate deliveryRate() {
		return this.deliveryRate;
	}

	/**
	 * How many elements the open window has.
	 * @return the number, 0 if there is no window
	 */
	public int windowSize() {
		return this.windowSize;
	}

	/**
	 * Whether nothing that was read got into any delivery so far.
	 * @return {@code true} if so
	 */
	public boolean isNothingMatched() {
		return this.deliveries.get() + this.skippedDeliveries.get() + this.windowSize == 0;
	}

	/**
	 * Take samples of all rates.
	 * @param now the time in nanoseconds
	 */
	public void sample(long now) {
		for (Rate rate : this.rates) {
			rate.sample(now);
		}
	}

	/**
	 * Set how many elements the open window has.
	 * @param size the number
	 */
	public void windowSize(int size) {
		this.windowSize = size;
	}

}
