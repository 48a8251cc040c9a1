package dev.watermill.count;

import dev.watermill.stream.SkipReason;

/**
 * What was counted at one node of a join tree since its mill was made. Thread-safe.
 *
 * @since 0.1.0
 */
public interface InputCounters {

	/**
	 * The elements that were taken from the stream, those that are skipped among them.
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
	 * How many elements were searched for matches.
	 * @return those that were read, without those that were no such elements
	 */
	default long valid() {
		long valid = read().get();
		for (SkipReason reason : SkipReason.values()) {
			valid -= reason.isOfItsOwn() ? skipped(reason).get() : 0;
		}
		return valid;
	}

}
