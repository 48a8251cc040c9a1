package dev.watermill.engine.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.join.JoinNode;
import org.jspecify.annotations.Nullable;

/**
 * How many lanes a mill has: one for each partition of the streams that have any, of
 * which all have equally many; one, if its master has none. Immutable.
 *
 * @param partitions the numbers of partitions, by the names of the streams that have any
 * @param mismatch why these are not the numbers of one mill, and what to do, {@code null}
 * if they are
 */
record LaneCount(Map<String, Integer> partitions, @Nullable String mismatch) {

	/**
	 * Ask the brokers.
	 * @throws BrokerUnavailableException if one can be expected to answer later
	 */
	static LaneCount of(MillPlan plan) {
		Map<String, Integer> partitions = new LinkedHashMap<>();
		for (JoinNode node : plan.tree().nodes()) {
			OptionalInt found = node.source().partitions();
			if (found.isPresent()) {
				partitions.put(node.stream(), found.getAsInt());
			}
		}
		return new LaneCount(partitions, mismatch(plan, partitions));
	}

	private static @Nullable String mismatch(MillPlan plan, Map<String, Integer> partitions) {
		TreeSet<Integer> numbers = new TreeSet<>(partitions.values());
		JoinNode master = plan.tree().nodes().get(0);
		if (!partitions.containsKey(master.stream())) {
			return (numbers.isEmpty() || numbers.last() == 1) ? null
					: "The master '" + master.stream() + "' of the mill '" + plan.name() + "' ("
							+ master.source().location() + ") is read as a whole, so the mill has one lane, but "
							+ describe(plan, partitions) + ". Say merge: true for a stream of several partitions to "
							+ "read them as one.";
		}
		if (numbers.size() < 2) {
			return null;
		}
		String single = partitions.entrySet()
			.stream()
			.filter((stream) -> stream.getValue() == 1)
			.map((stream) -> "'" + stream.getKey() + "'")
			.collect(Collectors.joining(", "));
		return "The streams of the mill '" + plan.name() + "' have unequal numbers of partitions: "
				+ describe(plan, partitions)
				+ ". Each lane joins the partitions of one number, so they must have equally many. "
				+ (single.isEmpty() ? "" : "Say broadcast: true for " + single + " to have each lane read it whole. ")
				+ "Give the topics equal numbers of partitions, by which their keys are spread alike, or say merge: "
				+ "true for a stream to have its partitions read as one.";
	}

	private static String describe(MillPlan plan, Map<String, Integer> partitions) {
		return plan.tree()
			.nodes()
			.stream()
			.filter((node) -> partitions.containsKey(node.stream()))
			.map((node) -> "'" + node.stream() + "' (" + node.source().location() + ") has "
					+ partitions.get(node.stream()))
			.collect(Collectors.joining(", "));
	}

	/**
	 * Whether lanes are made of partitions, so that there may be more of them some time.
	 */
	boolean isPartitioned() {
		return !this.partitions.isEmpty();
	}

	/**
	 * The number of lanes.
	 * @throws BrokerException if the streams don't fit each other
	 */
	int lanes() {
		if (this.mismatch != null) {
			throw new BrokerException(this.mismatch);
		}
		return this.partitions.values().stream().findFirst().orElse(1);
	}

	/**
	 * The greatest number of lanes that the mill may ever have had.
	 */
	int mostLanes() {
		return this.partitions.values().stream().mapToInt(Integer::intValue).max().orElse(1);
	}

}
