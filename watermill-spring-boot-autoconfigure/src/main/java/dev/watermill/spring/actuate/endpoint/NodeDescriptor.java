package dev.watermill.spring.actuate.endpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.watermill.Mill;
import dev.watermill.count.MillCounters;
import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.Output;
import dev.watermill.join.ArrivalPolicy;
import dev.watermill.join.InputStatus;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * A node of the join tree, the edge to its parent, and what was counted there since the
 * application started, over all lanes. Work that was repeated after a failure was counted
 * again.
 *
 * @param stream the name of the stream
 * @param location where the stream lives
 * @param parent the stream it is joined to, {@code null} for the master
 * @param left the key of the parent's elements, {@code null} for the master
 * @param right the key of this stream's elements, {@code null} for the master
 * @param first whether the first match is all that is asked for
 * @param read the elements that were taken from the stream
 * @param matched those of them that are in a delivery, or may be in the next one
 * @param skipped those of them that are in no delivery, by the reason
 * @param deadLettered those of them that were written to the dead letters of the stream,
 * by the reason, {@code null} if the stream can have none
 * @param deadLetters where these go, {@code null} if the stream can have none
 * @param lost the elements that were gone before they could be read, where reading goes
 * on without them, {@code null} if there were none
 * @param rate how many are read in a second, of late
 * @param lag how many elements stand behind those that were passed, up to the newest end
 * that is known, {@code null} while it is unknown
 * @param progress how much of the stream was read, from 0 to 1, {@code null} while its
 * end is unknown
 * @param optional whether the parent's elements need no match
 * @param kind which elements match, {@code null} for those with equal keys
 * @param reorder how the stream is brought into order, {@code null} if it is in order
 * @since 0.1.0
 */
public record NodeDescriptor(String stream, String location, @Nullable String parent, @Nullable String left,
		@Nullable String right, boolean first, long read, long matched, Map<String, Long> skipped,
		@Nullable Map<String, Long> deadLettered, @Nullable String deadLetters, @Nullable Long lost, double rate,
		@Nullable Long lag, @Nullable Double progress, boolean optional, @Nullable String kind,
		@Nullable ReorderDescriptor reorder) {

	static NodeDescriptor of(Mill mill, JoinNode node) {
		MillCounters.Input counters = Objects.requireNonNull(mill.counters().inputs().get(node.stream()));
		Map<String, Long> skipped = new LinkedHashMap<>();
		Map<String, Long> deadLettered = new LinkedHashMap<>();
		for (SkipReason reason : SkipReason.values()) {
			skipped.put(reason.label(), counters.skipped(reason).get());
			if (reason.mayDeadLetter()) {
				deadLettered.put(reason.label(), counters.deadLettered(reason).get());
			}
		}
		long read = counters.read().get();
		// both grow while they are read
		long matched = Math.max(0, read - sum(skipped) - sum(deadLettered));
		Output letters = mill.deadLetters().get(node.stream());
		return new NodeDescriptor(node.stream(), node.source().location(),
				(node.parent() >= 0) ? mill.tree().nodes().get(node.parent()).stream() : null, text(node.leftKey()),
				text(node.rightKey()), node.take() == JoinNode.Take.FIRST, read, matched, skipped,
				(letters != null) ? deadLettered : null, (letters != null) ? letters.sink().location() : null,
				(counters.lost().get() > 0) ? counters.lost().get() : null,
				MillDescriptor.perSecond(mill, mill.counters().readRates().get(node.stream())),
				mill.lags().get(node.stream()), progress(mill.lanes(), node.stream()), node.optional(),
				node.kind().describe().isEmpty() ? null : node.kind().describe(),
				ReorderDescriptor.of(node.arrival().reorder(), counters.reorder()));
	}

	private static long sum(Map<String, Long> counts) {
		return counts.values().stream().mapToLong(Long::longValue).sum();
	}

	private static @Nullable String text(@Nullable KeyFunction<?> key) {
		return (key != null) ? key.description() : null;
	}

	private static @Nullable Double progress(List<LaneStatus> lanes, String stream) {
		double least = 2;
		for (LaneStatus lane : lanes) {
			InputStatus input = lane.inputs().get(stream);
			if (input != null && input.progress() != null) {
				least = Math.min(least, input.progress());
			}
		}
		return (least <= 1) ? MillDescriptor.rounded(least) : null;
	}

	/**
	 * How a stream is brought into order, and what was seen of that since the application
	 * started.
	 *
	 * @param by the key of the order
	 * @param within by how much keys may go back
	 * @param held how many elements wait for their turn
	 * @param late the elements that came when their places were passed; one that is read
	 * again counts again
	 * @param greatestLateness the most by which a key was less than one before it, in the
	 * units of the key, of times in seconds
	 */
	public record ReorderDescriptor(String by, String within, int held, long late, double greatestLateness) {

		static @Nullable ReorderDescriptor of(ArrivalPolicy.@Nullable Reorder policy, MillCounters.Reorder seen) {
			return (policy != null) ? new ReorderDescriptor(policy.by().description(), policy.within().toString(),
					seen.depth(), seen.lateElements().get(), seen.greatestLateness()) : null;
		}

	}

}
