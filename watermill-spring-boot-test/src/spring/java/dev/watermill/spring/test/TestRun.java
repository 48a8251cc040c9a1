package dev.watermill.spring.test;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.Mill;
import dev.watermill.count.MillCounters;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * One run of all mills, one after another, and what they count in it.
 */
final class TestRun {

	private final List<Mill> mills;

	/** What was counted before, by the names of mills and of streams. */
	private final Map<String, Map<SkipReason, Long>> before = new HashMap<>();

	/**
	 * Create a run.
	 * @throws IllegalStateException if there is no mill to run
	 */
	TestRun(Collection<Mill> mills) {
		if (mills.isEmpty()) {
			throw new IllegalStateException(
					"There is no mill to run: name the classes of processors in @WaterMillTest, "
							+ "or see to it that they are found by the component scan of the application");
		}
		this.mills = MillOrder.of(mills);
		this.mills.forEach((mill) -> mill.counters()
			.inputs()
			.forEach((stream, counters) -> this.before.put(mill.name() + "/" + stream, skipped(counters))));
	}

	List<Mill> mills() {
		return this.mills;
	}

	/**
	 * Run the mills until one fails.
	 * @return why, {@code null} if all completed
	 */
	@Nullable MillFailedError run() {
		for (Mill mill : this.mills) {
			MillState state = mill.run();
			if (mill.status().phase() instanceof MillPhase.Failed failed) {
				return new MillFailedError(mill.name(),
						"The mill '" + mill.name() + "' failed: " + failed.cause().getMessage(), failed.cause());
			}
			if (state != MillState.COMPLETED) {
				throw new IllegalStateException("The mill '" + mill.name() + "' ended as " + state);
			}
		}
		return null;
	}

	/**
	 * How many elements of a stream were in no delivery, by their reasons.
	 */
	Map<SkipReason, Long> skipped(String stream) {
		Map<SkipReason, Long> skipped = new EnumMap<>(SkipReason.class);
		for (Mill mill : this.mills) {
			MillCounters.Input counters = mill.counters().inputs().get(stream);
			if (counters != null) {
				Map<SkipReason, Long> earlier = this.before.getOrDefault(mill.name() + "/" + stream, Map.of());
				skipped(counters).forEach(
						(reason, count) -> skipped.merge(reason, count - earlier.getOrDefault(reason, 0L), Long::sum));
			}
		}
		return skipped;
	}

	private static Map<SkipReason, Long> skipped(MillCounters.Input counters) {
		Map<SkipReason, Long> skipped = new EnumMap<>(SkipReason.class);
		for (SkipReason reason : SkipReason.values()) {
			skipped.put(reason, counters.skipped(reason).get());
		}
		return skipped;
	}

}
