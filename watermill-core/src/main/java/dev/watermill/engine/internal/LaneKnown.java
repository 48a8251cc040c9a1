package dev.watermill.engine.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillStatus;
import dev.watermill.join.internal.MergeJoin;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a lane: what it does, what it misses, and where it stands as of its
 * last commit. Written by the lane's thread, readable by all.
 */
final class LaneKnown {

	private final LaneId lane;

	private final LaneControl.Listener listener;

	private final Clock clock;

	private final LaneOutage outage;

	private final SkipLog skips;

	private final LaneSteps steps;

	private final LaneWatch watch;

	private volatile @Nullable LaneStatus status;

	/** The merge of the run whose streams are open. */
	private volatile @Nullable MergeJoin merge;

	private volatile Phase phase;

	LaneKnown(MillPlan plan, LaneId lane, LaneSteps steps, LaneControl.Listener listener) {
		this.lane = lane;
		this.listener = listener;
		this.clock = plan.clock();
		this.steps = steps;
		this.phase = new Phase(new MillPhase.Starting(), this.clock.instant());
		this.watch = new LaneWatch(steps, plan.ticker());
		this.skips = new SkipLog(plan.name(), plan.clock());
		this.outage = new LaneOutage(plan.name(), plan.clock());
	}

	/**
	 * The elements that are skipped since they are bad.
	 */
	SkipLog skips() {
		return this.skips;
	}

	LaneOutage outage() {
		return this.outage;
	}

	MillLiveness liveness() {
		MillLiveness seen = this.watch.liveness();
		String held = (seen.activity() == MillLiveness.Activity.WAITING) ? heldBackBy() : null;
		return (held != null) ? new MillLiveness(seen.activity(), seen.sinceProgress(), seen.callAge(), held) : seen;
	}

	/**
	 * What holds back elements that are there already, {@code null} if nothing does.
	 */
	@Nullable String heldBackBy() {
		MergeJoin open = this.merge;
		return (open != null) ? open.report().heldBackBy() : null;
	}

	/**
	 * What the lane does, in the words that count for mills.
	 */
	MillPhase phase() {
		return this.phase.phase();
	}

	/**
	 * What the lane does now, for people.
	 */
	MillStatus.Lane now() {
		Phase now = this.phase;
		return new MillStatus.Lane(this.lane.lane(), now.phase(), now.since(), this.outage.get(), liveness());
	}

	/**
	 * Note that the lane does something else.
	 */
	void becomes(MillPhase next) {
		if (!next.equals(this.phase.phase())) {
			this.phase = new Phase(next, this.clock.instant());
			this.listener.changed();
		}
	}

	/**
	 * What is known of the lane as of its last commit.
	 */
	@Nullable LaneStatus status() {
		return this.status;
	}

	/**
	 * How many elements stand behind those that were passed: as it is now while streams
	 * are open, else as of the last commit.
	 */
	Map<String, Long> lags() {
		Map<String, Long> lags = new LinkedHashMap<>();
		LaneStatus known = this.status;
		if (known != null) {
			known.inputs().forEach((stream, input) -> {
				if (input.lag() != null) {
					lags.put(stream, input.lag());
				}
			});
		}
		MergeJoin open = this.merge;
		if (open != null) {
			lags.putAll(open.report().lags());
		}
		return lags;
	}

	/**
	 * Let the lane see at once what is asked of it, though it waits for a stream.
	 */
	void wakeUp() {
		MergeJoin open = this.merge;
		if (open != null) {
			open.wakeUp();
		}
	}

	/**
	 * Take over what is known of the lane from when it was here before.
	 */
	void follows(LaneKnown before) {
		this.status = before.status;
	}

	/**
	 * Note that a thread begins to run the lane.
	 */
	void begins() {
		this.outage.clear();
		this.skips.begin();
		this.steps.becomes(MillLiveness.Activity.STARTING);
		this.watch.begin();
		WatchThread.SHARED.add(this.watch);
	}

	/**
	 * Note that the thread is about to leave the lane.
	 * @param end how it ended
	 */
	void ends(MillPhase end) {
		this.outage.clear();
		WatchThread.SHARED.remove(this.watch);
		this.watch.end();
		becomes(end);
	}

	/**
	 * Note where a run begins.
	 * @param checkpoint the last commit, {@code null} if there is none
	 */
	void resumedFrom(@Nullable Checkpoint checkpoint) {
		this.status = (checkpoint != null) ? new LaneStatus(this.lane.lane(), checkpoint, Map.of(), null, null) : null;
		this.outage.resumed();
	}

	/**
	 * Note that a run has opened its streams.
	 */
	void opened(MergeJoin opened) {
		this.merge = opened;
	}

	void closing() {
		this.merge = null;
	}

	void committed(LaneStatus committed) {
		this.status = committed;
		this.outage.committed();
	}

	private record Phase(MillPhase phase, Instant since) {

	}

}
