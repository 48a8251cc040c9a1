package dev.watermill.spring.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The meters that a mill writes itself, of one registry.
 *
 * @param process calls of the processing function
 * @param commit commits
 * @param assigned how often lanes came
 * @param revoked how often lanes were to be handed over
 * @param lost how often lanes were lost
 * @param start how long lanes that came took until they ran
 * @param handOver how long lanes that went took until they were closed
 */
record MillMeters(Timer process, Timer commit, Counter assigned, Counter revoked, Counter lost, Timer start,
		Timer handOver) {

	static MillMeters register(Tags tags, MeterRegistry registry) {
		return new MillMeters(
				timer(MeterNames.PROCESS, "Calls of the processing function, the writing of their results included",
						tags, registry),
				timer(MeterNames.COMMIT, "Commits of positions and of the results before them", tags, registry),
				rebalances("assigned", tags, registry), rebalances("revoked", tags, registry),
				rebalances("lost", tags, registry),
				timer(MeterNames.LANE_START, "From when this instance was given a lane until it ran", tags, registry),
				timer(MeterNames.LANE_HAND_OVER, "From when lanes were to be given away until they were closed", tags,
						registry));
	}

	private static Timer timer(String name, String description, Tags tags, MeterRegistry registry) {
		return Timer.builder(name).tags(tags).description(description).register(registry);
	}

	private static Counter rebalances(String change, Tags tags, MeterRegistry registry) {
		return Counter.builder(MeterNames.REBALANCES)
			.tags(tags.and(MeterNames.CHANGE_TAG, change))
			.description("How often lanes came to this instance or went from it")
			.register(registry);
	}

}
