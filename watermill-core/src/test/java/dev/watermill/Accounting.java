package dev.watermill;

import dev.watermill.count.MillCounters;
import dev.watermill.stream.SkipReason;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is true of every stream at any time: an element that was read was delivered, or
 * skipped for one reason, or written to the dead letters, or is still held.
 */
public final class Accounting {

	private Accounting() {
	}

	/**
	 * Assert that nothing of a stream is unaccounted for.
	 * @param mill the mill
	 * @param stream the name of the stream
	 * @param delivered how many of its elements were in a delivery that succeeded
	 * @param held how many of its elements are in open groups or the open window
	 */
	public static void assertAccounted(Mill mill, String stream, long delivered, long held) {
		MillCounters.Input counters = mill.counters().inputs().get(stream);
		long skipped = 0;
		long deadLettered = 0;
		StringBuilder reasons = new StringBuilder();
		for (SkipReason reason : SkipReason.values()) {
			skipped += counters.skipped(reason).get();
			reasons.append(' ').append(counters.skipped(reason).get()).append(' ').append(reason.label());
			deadLettered += counters.deadLettered(reason).get();
		}
		assertThat(counters.read().get())
			.as("read of '%s' = %d delivered + skipped (%s ) + %d dead-lettered + %d held", stream, delivered, reasons,
					deadLettered, held)
			.isEqualTo(delivered + skipped + deadLettered + held);
	}

}
