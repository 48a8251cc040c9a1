package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.watermill.count.MillCounters;
import dev.watermill.engine.MillState;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * What a mill did from one start to its end, as one line: counts, without those of
 * earlier starts.
 */
final class MillSummary {

	private static final String DEAD_LETTERED = "dead-lettered ";

	private final MillPlan plan;

	private final MillCounters counters;

	private final long began;

	private final Map<String, Long> before;

	MillSummary(MillPlan plan, MillCounters counters) {
		this.plan = plan;
		this.counters = counters;
		this.began = plan.ticker().getAsLong();
		this.before = counts();
	}

	private Map<String, Long> counts() {
		Map<String, Long> counts = new LinkedHashMap<>();
		this.counters.inputs().forEach((stream, input) -> {
			counts.put("read " + stream, input.read().get());
			counts.put("lost " + stream, input.lost().get());
			for (SkipReason reason : SkipReason.values()) {
				counts.put(reason + " " + stream, input.skipped(reason).get());
				counts.put(DEAD_LETTERED + reason + " " + stream, input.deadLettered(reason).get());
			}
		});
		counts.put("delivered", this.counters.deliveries().get());
		counts.put("failed", this.counters.skippedDeliveries().get());
		counts.put("restarts", this.counters.restarts().get());
		this.counters.results().forEach((stream, count) -> counts.put("results " + stream, count.get()));
		return counts;
	}

	/**
	 * Return the line.
	 * @param end how the mill ended
	 */
	String line(MillState end) {
		Map<String, Long> now = counts();
		now.replaceAll((what, count) -> count - this.before.getOrDefault(what, 0L));
		List<String> read = new ArrayList<>();
		this.counters.inputs().forEach((stream, input) -> read.add(read(stream, now)));
		List<String> results = new ArrayList<>();
		this.counters.results()
			.keySet()
			.forEach((stream) -> results.add(number(now.get("results " + stream)) + " to '" + stream + "'"));
		long failed = now.getOrDefault("failed", 0L);
		long restarts = now.getOrDefault("restarts", 0L);
		Duration took = Duration.ofNanos(this.plan.ticker().getAsLong() - this.began);
		return "Mill '" + this.plan.name() + "' " + end.name() + " after "
				+ String.format(Locale.ROOT, "%,.3f", took.toMillis() / 1000.0) + " s: read " + String.join(", ", read)
				+ "; delivered " + number(now.get("delivered"))
				+ ((failed > 0) ? ", passed over " + number(failed) + " that failed" : "") + "; results "
				+ (results.isEmpty() ? "none" : String.join(", ", results))
				+ ((restarts > 0) ? "; started again by itself " + number(restarts) + " times" : "");
	}

	private static String read(String stream, Map<String, Long> counts) {
		List<String> missing = new ArrayList<>();
		String skipped = byReason("", stream, counts);
		if (!skipped.isEmpty()) {
			missing.add("skipped " + skipped);
		}
		String deadLettered = byReason(DEAD_LETTERED, stream, counts);
		if (!deadLettered.isEmpty()) {
			missing.add("dead-lettered " + deadLettered);
		}
		long lost = counts.getOrDefault("lost " + stream, 0L);
		if (lost > 0) {
			missing.add(number(lost) + " more were gone");
		}
		return number(counts.get("read " + stream)) + " of '" + stream + "'"
				+ (missing.isEmpty() ? "" : " (" + String.join("; ", missing) + ")");
	}

	private static String byReason(String what, String stream, Map<String, Long> counts) {
		List<String> found = new ArrayList<>();
		for (SkipReason reason : SkipReason.values()) {
			long count = counts.getOrDefault(what + reason + " " + stream, 0L);
			if (count > 0) {
				found.add(number(count) + " " + reason.label());
			}
		}
		return String.join(", ", found);
	}

	private static String number(@Nullable Long number) {
		return String.format(Locale.ROOT, "%,d", (number != null) ? number : 0);
	}

}
