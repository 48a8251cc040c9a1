package dev.watermill.join.internal;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

import dev.watermill.count.internal.NodeCounters;
import dev.watermill.stream.SkipReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The elements of a stream that came when nobody waited for them any more, since it had
 * been silent for so long. Each is counted, and that there are any is reported once:
 * whoever waits longer next time has them. Used by one thread.
 */
final class LateElements {

	private static final Logger logger = LoggerFactory.getLogger(LateElements.class);

	private final String stream;

	private final NodeCounters counters;

	private final Set<Reason> reported = EnumSet.noneOf(Reason.class);

	LateElements(String stream, NodeCounters counters) {
		this.stream = stream;
		this.counters = counters;
	}

	/**
	 * Count late elements that follow each other.
	 * @param count how many
	 * @param origin where the first of them stands
	 */
	void count(Reason reason, int count, Supplier<String> origin) {
		if (count > 0 && this.reported.add(reason)) {
			logger.warn(
					"The stream '{}' goes on at {}, but was silent for data-timeout, so {} and is counted as late. Raise "
							+ "data-timeout, or unset it to wait for the end of the stream.",
					this.stream, origin.get(), reason.description);
		}
		this.counters.read().add(count);
		this.counters.skipped(SkipReason.LATE).add(count);
	}

	/**
	 * Why elements are late.
	 */
	enum Reason {

		/** The stream is over. */
		OVER("it is over for this run: what comes of it now matches nothing"),

		/** Only one of several partitions was silent, and others are merged. */
		OVERTAKEN("its other partitions were merged without this one: what of it belongs before those comes too late");

		private final String description;

		Reason(String description) {
			this.description = description;
		}

	}

}
