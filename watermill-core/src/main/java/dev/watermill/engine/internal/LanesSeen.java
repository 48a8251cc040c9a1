package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillStatus;
import org.jspecify.annotations.Nullable;

/**
 * What is seen of the lanes of a mill that are here, or were here last: of each, and of
 * all together. Thread-safe.
 */
final class LanesSeen {

	private final Lanes lanes;

	LanesSeen(Lanes lanes) {
		this.lanes = lanes;
	}

	/**
	 * What each lane does now.
	 */
	List<MillStatus.Lane> now() {
		return map(LaneKnown::now);
	}

	/**
	 * What is known of each lane that has committed, or gone on from an earlier commit.
	 */
	List<LaneStatus> statuses() {
		return map(LaneKnown::status);
	}

	/**
	 * What keeps the mill, or any lane, from its work.
	 */
	MillStatus.@Nullable Outage outage() {
		MillStatus.Outage own = this.lanes.ownOutage().get();
		return (own != null) ? own : map((known) -> known.outage().get()).stream().findFirst().orElse(null);
	}

	/**
	 * Whether the mill gets on, as does the lane that got on least.
	 */
	MillLiveness liveness() {
		return map(LaneKnown::liveness).stream()
			.filter((liveness) -> liveness.sinceProgress() != null)
			.max(Comparator.comparing(MillLiveness::sinceProgress))
			.orElseGet(this::ofNoLane);
	}

	/**
	 * What the mill does that has no lane at work: it may have to wait until it knows its
	 * lanes.
	 */
	private MillLiveness ofNoLane() {
		Duration away = this.lanes.ownOutage().age();
		return (away != null) ? new MillLiveness(MillLiveness.Activity.WAITING, away, null) : MillLiveness.NOT_AT_WORK;
	}

	/**
	 * How many elements stand behind those that were passed, over all lanes.
	 */
	Map<String, Long> lags() {
		Map<String, Long> lags = new LinkedHashMap<>();
		map(LaneKnown::lags).forEach((lane) -> lane.forEach((stream, lag) -> lags.merge(stream, lag, Long::sum)));
		return lags;
	}

	/**
	 * Whether any lane is at work, or about to be.
	 */
	boolean isAnyAtWork() {
		return this.lanes.workers().stream().anyMatch(LaneWorker::isAtWork);
	}

	/**
	 * The lanes here that have failed.
	 */
	Set<Integer> failed() {
		return this.lanes.workers()
			.stream()
			.filter((worker) -> worker.control().phase() instanceof MillPhase.Failed)
			.map((worker) -> worker.terms().lane().lane())
			.collect(Collectors.toSet());
	}

	/**
	 * Whether lanes have completed or failed.
	 */
	boolean areOver(Collection<Integer> numbers) {
		List<LaneWorker> found = this.lanes.workers(numbers);
		return found.size() == numbers.size() && found.stream()
			.map((worker) -> worker.control().phase())
			.allMatch((phase) -> phase instanceof MillPhase.Completed || phase instanceof MillPhase.Failed);
	}

	private <V> List<V> map(Function<LaneKnown, @Nullable V> property) {
		List<V> mapped = new ArrayList<>();
		for (LaneWorker worker : this.lanes.workers()) {
			V value = property.apply(worker.control().known());
			if (value != null) {
				mapped.add(value);
			}
		}
		return mapped;
	}

}
