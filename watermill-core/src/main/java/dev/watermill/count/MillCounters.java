package dev.watermill.count;

import java.util.Map;

/**
 * What was counted of a mill since it was made, over all its lanes. Work that is repeated
 * after a failure is counted again. Thread-safe.
 *
 * @since 0.1.0
 */
public interface MillCounters {

	/**
	 * What was counted at each node of the join tree.
	 * @return the counters by the name of the stream
	 */
	Map<String, InputCounters> inputs();

	/**
	 * The results that were written.
	 * @return the counters by the name of the output stream
	 */
	Map<String, Counter> results();

	/**
	 * The deliveries that were processed.
	 * @return the counter
	 */
	Counter deliveries();

	/**
	 * The deliveries that were passed over since the function failed for them.
	 * @return the counter
	 */
	Counter skippedDeliveries();

	/**
	 * How fast each stream of the join tree is read.
	 * @return the rates by the name of the stream
	 */
	Map<String, Rate> readRates();

	/**
	 * How fast results are written.
	 * @return the rates by the name of the output stream
	 */
	Map<String, Rate> resultRates();

	/**
	 * How fast deliveries are processed.
	 * @return the rate
	 */
	Rate deliveryRate();

	/**
	 * How many elements the open windows have.
	 * @return the number, 0 if there is no window
	 */
	int windowSize();

	/**
	 * How many elements the open windows of one lane have.
	 * @param lane the number of the lane
	 * @return the number, 0 if there is no window
	 */
	int windowSize(int lane);

}
