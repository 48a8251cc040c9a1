package dev.watermill.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import dev.watermill.broker.Checkpoint;
import dev.watermill.join.InputStatus;
import dev.watermill.join.JoinNode;
import dev.watermill.join.MergeJoin;
import dev.watermill.join.SkipReason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes known at each commit what people would like to know of a lane, and says some of
 * it in the log, at a limited rate: how much is done, and why nothing matches. Used by
 * the lane's thread.
 */
final class LaneReporter {

	/** From how many elements on it is worth a word that none of them found a match. */
	static final long MANY = 1000;

	private static final Logger logger = LoggerFactory.getLogger(LaneReporter.class);

	private static final long BETWEEN_MISMATCHES = Duration.ofMinutes(1).toNanos();

	private static final long BETWEEN_PROGRESS = Duration.ofSeconds(30).toNanos();

	private final MillPlan plan;

	private final int lane;

	private final MillCounters counters;

	/** When the lane began, and how much was done then. */
	private final long began;

	private double fractionAtBegin = -1;

	private long progressLogged;

	private long mismatchLogged;

	private long unmatchedLogged;

	private boolean noMatchLogged;

	LaneReporter(MillPlan plan, int lane, MillCounters counters) {
		this.plan = plan;
		this.lane = lane;
		this.counters = counters;
		this.began = plan.ticker().getAsLong();
		this.progressLogged = this.began;
		this.mismatchLogged = this.began - BETWEEN_MISMATCHES;
		this.unmatchedLogged = unmatched();
	}

	LaneStatus report(Checkpoint checkpoint, MergeJoin join) {
		Map<String, InputStatus> inputs = join.statuses(checkpoint);
		long now = this.plan.ticker().getAsLong();
		LaneStatus status = new LaneStatus(this.lane, checkpoint, inputs, progress(inputs, now), noMatch(inputs));
		logProgress(status.progress(), checkpoint.completed(), now);
		logMismatch(status, now);
		return status;
	}

	/**
	 * The first stream to end ends the mill, so the one that is farthest counts.
	 */
	private LaneStatus.@Nullable Progress progress(Map<String, InputStatus> inputs, long now) {
		double fraction = inputs.values()
			.stream()
			.map(InputStatus::progress)
			.filter(Objects::nonNull)
			.mapToDouble(Double::doubleValue)
			.max()
			.orElse(-1);
		if (fraction < 0) {
			return null;
		}
		if (this.fractionAtBegin < 0) {
			this.fractionAtBegin = fraction;
		}
		double done = fraction - this.fractionAtBegin;
		return new LaneStatus.Progress(fraction,
				(done > 0) ? Duration.ofNanos((long) ((now - this.began) / done * (1 - fraction))) : null);
	}

	private @Nullable String noMatch(Map<String, InputStatus> inputs) {
		if (this.plan.tree().nodes().size() == 1 || !this.counters.isNothingMatched()) {
			return null;
		}
		long read = this.counters.inputs().values().stream().mapToLong((input) -> input.read().get()).sum();
		if (read < MANY) {
			return null;
		}
		String explanation = explain(inputs);
		return String.format("%,d elements were read and none found its matches%s", read,
				(explanation != null) ? ": " + explanation : "");
	}

	/**
	 * What happened last at the first edge where something found no match.
	 */
	private @Nullable String explain(Map<String, InputStatus> inputs) {
		for (JoinNode node : this.plan.tree().nodes()) {
			InputStatus input = inputs.get(node.stream());
			if (input != null && input.unmatched() != null) {
				return input.unmatched().explain(this.plan.tree().nodes().get(node.parent()).stream(), node.stream());
			}
		}
		return null;
	}

	private void logProgress(LaneStatus.@Nullable Progress progress, boolean completed, long now) {
		if (progress != null && !completed && now - this.progressLogged >= BETWEEN_PROGRESS) {
			logger.info("Mill '{}' has done {} %{}", this.plan.name(), Math.round(progress.fraction() * 100),
					(progress.timeLeft() != null) ? ", the rest takes about " + progress.timeLeft().toSeconds() + " s"
							: "");
			this.progressLogged = now;
		}
	}

	private void logMismatch(LaneStatus status, long now) {
		if (status.noMatch() != null && !this.noMatchLogged) {
			this.noMatchLogged = true;
			this.mismatchLogged = now;
			this.unmatchedLogged = unmatched();
			logger.warn("Mill '{}': {}. Are these the streams and keys that belong together?", this.plan.name(),
					status.noMatch());
		}
		if (now - this.mismatchLogged < BETWEEN_MISMATCHES) {
			return;
		}
		long unmatched = unmatched();
		String explanation = (unmatched > this.unmatchedLogged) ? explain(status.inputs()) : null;
		if (explanation != null) {
			logger.info("Mill '{}': {} ({} without a match since the last such line)", this.plan.name(), explanation,
					unmatched - this.unmatchedLogged);
			this.mismatchLogged = now;
			this.unmatchedLogged = unmatched;
		}
	}

	private long unmatched() {
		return this.counters.inputs()
			.values()
			.stream()
			.mapToLong((input) -> input.skipped(SkipReason.UNMATCHED).get())
			.sum();
	}

}
