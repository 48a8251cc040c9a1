package dev.watermill.spring.actuate.endpoint;

import java.time.Instant;
import java.util.Objects;

import dev.watermill.Mill;
import dev.watermill.count.MillCounters;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * How a mill was a while ago.
 *
 * @param at when that was
 * @param read how many elements of its master it read in a second
 * @param results how many results it wrote in a second
 * @param lag how many elements the stream had left that was the farthest behind,
 * {@code null} where that was not known
 * @param deadLetters how many elements were dead letters since the application started
 * @since 0.1.0
 */
public record MillSample(Instant at, double read, double results, @Nullable Long lag, long deadLetters) {

	static MillSample of(Mill mill, Instant at) {
		MillCounters counters = mill.counters();
		String master = mill.tree().nodes().get(0).stream();
		double results = counters.resultRates()
			.values()
			.stream()
			.mapToDouble((rate) -> MillDescriptor.perSecond(mill, rate))
			.sum();
		Long lag = mill.lags().values().stream().filter(Objects::nonNull).max(Long::compare).orElse(null);
		return new MillSample(at, MillDescriptor.perSecond(mill, counters.readRates().get(master)), results, lag,
				counters.inputs().values().stream().mapToLong(MillSample::deadLetters).sum());
	}

	private static long deadLetters(MillCounters.Input counters) {
		long sum = 0;
		for (SkipReason reason : SkipReason.values()) {
			if (reason.mayDeadLetter()) {
				sum += counters.deadLettered(reason).get();
			}
		}
		return sum;
	}

}
