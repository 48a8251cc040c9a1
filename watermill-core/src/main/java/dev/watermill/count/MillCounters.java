package dev.watermill.count;

import java.util.Map;

import dev.watermill.stream.SkipReason;

/**
 * What was counted of a mill since it was made, over all its lanes. Counted is what is
 * committed: of work that is thrown away after a failure nothing is, and no element is
 * counted again since it is read again. Always, of each stream: read = in a delivery that
 * succeeded + skipped + dead-lettered + still held. Thread-safe.
 *
 * @since 0.1.0
 */
public interface MillCounters {

	/**
	 * What was counted at each node of the join tree.
	 * @return the counters by the name of the stream
	 */
	Map<String, Input> inputs();

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
	 * The times that the mill, or a lane of it, failed and was started again by itself.
	 * @return the counter
	 */
	Counter restarts();

	/**
	 * How fast each stream of the join tree is read.
	 * @return the rates by the name of the stream
	 */
	Map<String, Counter.Rate> readRates();

	/**
	 * How fast results are written.
	 * @return the rates by the name of the output stream
	 */
	Map<String, Counter.Rate> resultRates();

	/**
	 * How fast deliveries are processed.
	 * @return the rate
	 */
	Counter.Rate deliveryRate();

	/**
	 * How many deliveries are open: an asynchronous function was called, and their
	 * results are not written yet.
	 * @return the number, 0 if the function answers at once
	 */
	int inFlight();

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

	/**
	 * What was counted at one node of a join tree since its mill was made. Thread-safe.
	 */
	interface Input {

		/**
		 * The elements that were taken from the stream, those that are skipped among
		 * them.
		 * @return the counter
		 */
		Counter read();

		/**
		 * The elements that are in no delivery.
		 * @param reason why
		 * @return the counter
		 */
		Counter skipped(SkipReason reason);

		/**
		 * The elements that were written to the dead letters: in no delivery either, but
		 * not among those that are skipped.
		 * @param reason why
		 * @return the counter
		 */
		Counter deadLettered(SkipReason reason);

		/**
		 * The elements that were gone before they could be read, where reading goes on
		 * without them. They are not among those that were read.
		 * @return the counter
		 */
		Counter lost();

		/**
		 * What was seen while the stream was brought into order.
		 * @return all zero if it is not
		 */
		Reorder reorder();

		/**
		 * How many elements were searched for matches.
		 * @return those that were read, without those that were no such elements
		 */
		default long valid() {
			long valid = read().get();
			for (SkipReason reason : SkipReason.values()) {
				valid -= reason.isOfItsOwn() ? skipped(reason).get() + deadLettered(reason).get() : 0;
			}
			return valid;
		}

	}

	/**
	 * What was seen while a stream was brought into order. Thread-safe.
	 */
	interface Reorder {

		/**
		 * How many elements wait for their turn.
		 * @return the number, over all lanes
		 */
		int depth();

		/**
		 * The elements whose places were passed when they came, and which are out of
		 * order therefore. An element that is read again counts again.
		 * @return the counter
		 */
		Counter lateElements();

		/**
		 * The most by which a key was less than the greatest one before it, by which one
		 * can choose how long to wait.
		 * @return the difference in the units of the keys, of times in seconds
		 */
		double greatestLateness();

	}

}
