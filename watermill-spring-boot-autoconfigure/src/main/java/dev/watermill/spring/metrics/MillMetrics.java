package dev.watermill.spring.metrics;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.watermill.Mill;
import dev.watermill.count.Counter;
import dev.watermill.count.MillCounters;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.join.JoinNode;
import dev.watermill.spring.mill.Mills;
import dev.watermill.stream.SkipReason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * Binds the meters of all mills. Except for the timers they read what the mills count
 * anyway, when somebody asks. They stay when a mill completes.
 *
 * @since 0.1.0
 */
public final class MillMetrics implements MeterBinder {

	private static final String ELEMENTS = "elements";

	private final Mills mills;

	private final MillTimers timers;

	/**
	 * Create metrics.
	 * @param mills the mills
	 * @param timers measures how long they take
	 */
	public MillMetrics(Mills mills, MillTimers timers) {
		this.mills = mills;
		this.timers = timers;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Mill mill : this.mills.all()) {
			Tags tags = Tags.of(MeterNames.MILL_TAG, mill.name());
			bindCounters(mill.counters(), tags, registry);
			bindGauges(mill, tags, registry);
			for (int node = 0; node < mill.tree().nodes().size(); node++) {
				bindReorder(mill, node, tags, registry);
			}
			bindLiveness(mill, tags, registry);
			this.timers.bind(mill.name(), tags, registry);
		}
	}

	private void bindCounters(MillCounters counters, Tags tags, MeterRegistry registry) {
		counters.inputs()
			.forEach((stream, input) -> bindInput(input, tags.and(MeterNames.STREAM_TAG, stream), registry));
		counter(MeterNames.DELIVERIES, counters.deliveries(), tags, "Calls of the processing function that succeeded",
				"deliveries", registry);
		counter(MeterNames.DELIVERIES_SKIPPED, counters.skippedDeliveries(), tags,
				"Deliveries passed over since the processing function failed for them", "deliveries", registry);
		counter(MeterNames.RESTARTS, counters.restarts(), tags,
				"Times that the mill, or a lane of it, failed and was started again by itself", "restarts", registry);
		counters.results()
			.forEach((stream, results) -> counter(MeterNames.RESULTS, results, tags.and(MeterNames.STREAM_TAG, stream),
					"Results written to the output stream", "results", registry));
	}

	private void bindInput(MillCounters.Input input, Tags tags, MeterRegistry registry) {
		counter(MeterNames.ELEMENTS_READ, input.read(), tags,
				"Elements taken from the stream, those that are skipped among them", ELEMENTS, registry);
		counter(MeterNames.ELEMENTS_LOST, input.lost(), tags,
				"Elements of the stream that were gone before they could be read", ELEMENTS, registry);
		for (SkipReason reason : SkipReason.values()) {
			counter(MeterNames.ELEMENTS_SKIPPED, input.skipped(reason), tags.and(MeterNames.REASON_TAG, reason.label()),
					"Elements of the stream that are in no delivery", ELEMENTS, registry);
			if (reason.mayDeadLetter()) {
				counter(MeterNames.DEAD_LETTERS, input.deadLettered(reason),
						tags.and(MeterNames.REASON_TAG, reason.label()),
						"Elements of the stream that were written to its dead letters", ELEMENTS, registry);
			}
		}
	}

	private void bindReorder(Mill mill, int node, Tags tags, MeterRegistry registry) {
		JoinNode joined = mill.tree().nodes().get(node);
		if (joined.arrival().reorder() == null) {
			return;
		}
		Tags ofStream = tags.and(MeterNames.STREAM_TAG, joined.stream());
		MillCounters.Reorder reorder = Objects.requireNonNull(mill.counters().inputs().get(joined.stream())).reorder();
		counter(MeterNames.REORDER_LATE, reorder.lateElements(), ofStream,
				"Elements that came later than the stream is reordered for", ELEMENTS, registry);
		Gauge.builder(MeterNames.REORDER_DEPTH, reorder, MillCounters.Reorder::depth)
			.tags(ofStream)
			.description("Elements that wait to be brought into order")
			.baseUnit(ELEMENTS)
			.register(registry);
		Gauge.builder(MeterNames.REORDER_LATENESS, reorder, MillCounters.Reorder::greatestLateness)
			.tags(ofStream)
			.description("Most by which a key was less than one before it, in units of the key, of times in seconds")
			.register(registry);
	}

	private void counter(String name, Counter counter, Tags tags, String description, String unit,
			MeterRegistry registry) {
		FunctionCounter.builder(name, counter, Counter::get)
			.tags(tags)
			.description(description)
			.baseUnit(unit)
			.register(registry);
	}

	private void bindGauges(Mill mill, Tags tags, MeterRegistry registry) {
		for (String stream : mill.counters().inputs().keySet()) {
			Gauge.builder(MeterNames.LAG, mill, (observed) -> lag(observed, stream))
				.tags(tags.and(MeterNames.STREAM_TAG, stream))
				.description("Elements behind those that were passed, up to the newest end that is known")
				.baseUnit(ELEMENTS)
				.register(registry);
		}
		Gauge.builder(MeterNames.WINDOW_SIZE, mill, (observed) -> observed.counters().windowSize())
			.tags(tags)
			.description("Elements in the open window")
			.baseUnit(ELEMENTS)
			.register(registry);
		if (mill.maxInFlight().isPresent()) {
			Gauge.builder(MeterNames.IN_FLIGHT, mill, (observed) -> observed.counters().inFlight())
				.tags(tags)
				.description("Deliveries for which the function was called, and whose results are not written")
				.baseUnit("deliveries")
				.register(registry);
		}
		for (MillState state : MillState.values()) {
			Gauge.builder(MeterNames.STATE, mill, (observed) -> (observed.state() != state) ? 0 : 1)
				.tags(tags.and(MeterNames.STATE_TAG, state.name().toLowerCase(Locale.ROOT)))
				.description("1 for the state the mill is in, 0 for the others")
				.register(registry);
			Gauge.builder(MeterNames.LANES, mill, (observed) -> lanes(observed, state))
				.tags(tags.and(MeterNames.STATE_TAG, state.name().toLowerCase(Locale.ROOT)))
				.description("Lanes of the mill on this instance that are in the state")
				.baseUnit("lanes")
				.register(registry);
		}
	}

	private static long lanes(Mill mill, MillState state) {
		return mill.status().lanes().stream().filter((lane) -> lane.phase().state() == state).count();
	}

	private void bindLiveness(Mill mill, Tags tags, MeterRegistry registry) {
		Gauge.builder(MeterNames.UNAVAILABLE, mill, (observed) -> (observed.status().unavailable() != null) ? 1 : 0)
			.tags(tags)
			.description("1 while a broker or stream is away or another instance has taken over, else 0")
			.register(registry);
		TimeGauge
			.builder(MeterNames.PROGRESS_AGE, mill, TimeUnit.NANOSECONDS,
					(observed) -> nanos(observed.liveness().sinceProgress(), Double.NaN))
			.tags(tags)
			.description("Since the mill last got on, or found nothing to do")
			.register(registry);
		TimeGauge
			.builder(MeterNames.CALL_AGE, mill, TimeUnit.NANOSECONDS,
					(observed) -> nanos(observed.liveness().callAge(), 0))
			.tags(tags)
			.description("Since the call of the processing function began in which the mill is now")
			.register(registry);
		for (MillLiveness.Activity activity : MillLiveness.Activity.values()) {
			Gauge.builder(MeterNames.ACTIVITY, mill, (observed) -> (observed.liveness().activity() != activity) ? 0 : 1)
				.tags(tags.and(MeterNames.ACTIVITY_TAG, activity.name().toLowerCase(Locale.ROOT)))
				.description("1 for what the mill's thread does, 0 for everything else")
				.register(registry);
		}
	}

	private static double nanos(@Nullable Duration duration, double otherwise) {
		return (duration != null) ? duration.toNanos() : otherwise;
	}

	private static double lag(Mill mill, String stream) {
		Long lag = mill.lags().get(stream);
		return (lag != null) ? lag : Double.NaN;
	}

}
