package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.watermill.broker.Checkpoint;
import dev.watermill.count.internal.NodeCounters;
import dev.watermill.engine.LaneStatus;
import dev.watermill.join.InputStatus;
import dev.watermill.join.JoinNode;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.SkipReason;
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

	private final LaneCounters counters;

	/** When the lane began, and how much was done then. */
	private final long began;

	private double fractionAtBegin = -1;

	private long progressLogged;

	private long mismatchLogged;

	private long unmatchedLogged;

	private boolean noMatchLogged;

	LaneReporter(MillPlan plan, int lane, LaneCounters counters) {
		this.plan = plan;
		this.lane = lane;
		this.counters = counters;
		this.began = plan.ticker().getAsLong();
		this.progressLogged = this.began;
		this.mismatchLogged = this.began - BETWEEN_MISMATCHES;
		this.unmatchedLogged = unmatched();
	}

	LaneStatus report(Checkpoint checkpoint, MergeJoin join) {
		Map<String, InputStatus> inputs = join.report().statuses(checkpoint);
		long now = this.plan.ticker().getAsLong();
		LaneStatus status = new LaneStatus(this.lane, checkpoint, inputs, progress(inputs, now),
				noMatch(inputs, checkpoint.completed()));
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

	/**
	 * Say that nothing matched, where that is so.
	 * @param inputs what is known of the streams
	 * @param completed whether nothing more comes, so that a few elements are worth a
	 * word, too
	 */
	private @Nullable String noMatch(Map<String, InputStatus> inputs, boolean completed) {
		if (this.plan.tree().nodes().size() == 1 || !this.counters.isNothingMatched()) {
			return null;
		}
		long read = this.counters.nodes().values().stream().mapToLong(NodeCounters::valid).sum();
		JoinNode master = this.plan.tree().nodes().get(0);
		boolean asked = Objects.requireNonNull(this.counters.nodes().get(master.stream())).valid() > 0;
		if (!asked || read < (completed ? 1 : MANY)) {
			return null;
		}
		JoinNode blamed = blamed(inputs);
		return String.format(Locale.ROOT, "%,d element%s read and none found its matches%s", read,
				(read == 1) ? " was" : "s were",
				(blamed != null) ? ": " + explain(blamed, inputs) + ". " + ranges(blamed, inputs) : "");
	}

	/**
	 * The node at whose edge most of the keys found no match, or else the first one where
	 * anything did.
	 */
	private @Nullable JoinNode blamed(Map<String, InputStatus> inputs) {
		JoinNode blamed = null;
		long most = -1;
		for (JoinNode node : this.plan.tree().nodes()) {
			InputStatus.Unmatched unmatched = unmatched(node, inputs);
			if (unmatched != null && unmatched.count() > most) {
				blamed = node;
				most = unmatched.count();
			}
		}
		return blamed;
	}

	private static InputStatus.@Nullable Unmatched unmatched(JoinNode node, Map<String, InputStatus> inputs) {
		InputStatus input = inputs.get(node.stream());
		return (input != null) ? input.unmatched() : null;
	}

	/**
	 * What happened last at the edge to a node.
	 */
	private String explain(JoinNode node, Map<String, InputStatus> inputs) {
		InputStatus.Unmatched unmatched = unmatched(node, inputs);
		return (unmatched != null) ? unmatched.explain(parent(node), node.stream()) : "";
	}

	private String parent(JoinNode node) {
		return this.plan.tree().nodes().get(node.parent()).stream();
	}

	/**
	 * Between which keys both sides of an edge were read: by that it is mostly seen what
	 * is wrong, such as another unit of time.
	 */
	private String ranges(JoinNode node, Map<String, InputStatus> inputs) {
		InputStatus input = Objects.requireNonNull(inputs.get(node.stream()));
		return "Keys read: " + range(node.leftKey(), parent(node), input.left()) + "; "
				+ range(node.rightKey(), node.stream(), input.right());
	}

	private static String range(@Nullable KeyFunction<?> key, String stream, InputStatus.@Nullable KeyRange range) {
		return "'" + ((key != null) ? key.description() : "") + "' of '" + stream + "' "
				+ ((range != null) ? range : "none");
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
		JoinNode blamed = (unmatched > this.unmatchedLogged) ? blamed(status.inputs()) : null;
		if (blamed != null) {
			logger.info("Mill '{}': {} ({} without a match since the last such line)", this.plan.name(),
					explain(blamed, status.inputs()), unmatched - this.unmatchedLogged);
			this.mismatchLogged = now;
			this.unmatchedLogged = unmatched;
		}
	}

	private long unmatched() {
		return this.counters.nodes()
			.values()
			.stream()
			.mapToLong((input) -> input.skipped(SkipReason.UNMATCHED).get())
			.sum();
	}

}
