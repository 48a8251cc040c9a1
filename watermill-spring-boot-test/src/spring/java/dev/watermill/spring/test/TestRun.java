package dev.watermill.spring.test;

import java.util.Arrays;
import java.util.Collection;
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
	private final Map<String, Long> before = new HashMap<>();

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
	 * How many elements of a stream were in no delivery.
	 */
	long skipped(String stream) {
		return this.mills.stream().mapToLong((mill) -> {
			MillCounters.Input counters = mill.counters().inputs().get(stream);
			return (counters != null) ? skipped(counters) - this.before.getOrDefault(mill.name() + "/" + stream, 0L)
					: 0;
		}).sum();
	}

	private static long skipped(MillCounters.Input counters) {
		return Arrays.stream(SkipReason.values()).mapToLong((reason) -> counters.skipped(reason).get()).sum();
	}

}
