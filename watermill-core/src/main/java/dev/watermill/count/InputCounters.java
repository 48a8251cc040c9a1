package dev.watermill.count;

import java.util.Arrays;

import dev.watermill.stream.SkipReason;

/**
 * What was counted at one node of a join tree since its mill was made. Written by the
 * mill's thread, readable by all.
 *
 * @since 0.1.0
 */
public final class InputCounters {

	private final Counter read = new Counter();

	private final Counter[] skipped = new Counter[SkipReason.values().length];

	/**
	 * Create counters.
	 */
	public InputCounters() {
		Arrays.setAll(this.skipped, (reason) -> new Counter());
	}

	/**
	 * The elements that were taken from the stream, those that are skipped among them.
	 * @return the counter
	 */
	public Counter read() {
		return this.read;
	}

	/**
	 * How many elements were looked for matches.
	 * @return those that were read, without those that were no such elements
	 */
	public long valid() {
		long valid = this.read.get();
		for (SkipReason reason : SkipReason.values()) {
			valid -= reason.isOfItsOwn() ? skipped(reason).get() : 0;
		}
		return valid;
	}

	/**
	 * The elements that are in no delivery.
	 * @param reason why
	 * @return the counter
	 */
	public Counter skipped(SkipReason reason) {
		return this.skipped[reason.ordinal()];
	}

}
