package dev.watermill.engine.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.MergedSource;
import dev.watermill.broker.StreamSource;
import dev.watermill.join.JoinNode;
import org.jspecify.annotations.Nullable;

/**
 * How many lanes a mill has: one for each partition of the streams that have any, of
 * which all have equally many; one, if its master has none. Immutable.
 *
 * @param counted the places that have partitions, in the order of their streams
 * @param mismatch why these are not the numbers of one mill, and what to do, {@code null}
 * if they are
 * @param growing the names of the places that are merged into each stream of which more
 * may come
 */
record LaneCount(List<Counted> counted, @Nullable String mismatch, Map<String, List<String>> growing) {

	/**
	 * Ask the brokers.
	 * @throws BrokerUnavailableException if one can be expected to answer later
	 */
	static LaneCount of(MillPlan plan) {
		List<Counted> counted = new ArrayList<>();
		Map<String, List<String>> growing = new LinkedHashMap<>();
		for (JoinNode node : plan.tree().nodes()) {
			node.source()
				.merged()
				.map(MergedSource::growingNames)
				.filter((names) -> !names.isEmpty())
				.ifPresent((names) -> growing.put(node.stream(), names));
			for (StreamSource<?> source : places(node)) {
				OptionalInt found = source.partitions();
				if (found.isPresent()) {
					counted.add(new Counted(node.stream(), source.location(), found.getAsInt()));
				}
			}
		}
		return new LaneCount(counted, mismatch(plan, counted), growing);
	}

	/**
	 * The places that a stream is read of: several of those that are merged lane by lane.
	 */
	private static List<StreamSource<?>> places(JoinNode node) {
		StreamSource<?> whole = node.source();
		MergedSource<?> merged = whole.isReadWhole() ? null : whole.merged().orElse(null);
		return (merged != null)
				? merged.partitionSources().stream().<StreamSource<?>>map(MergedSource.Partition::source).toList()
				: List.of(whole);
	}

	private static @Nullable String mismatch(MillPlan plan, List<Counted> counted) {
		TreeSet<Integer> numbers = new TreeSet<>(counted.stream().map(Counted::partitions).toList());
		JoinNode master = plan.tree().nodes().get(0);
		if (counted.stream().noneMatch((each) -> each.stream().equals(master.stream()))) {
			return (numbers.isEmpty() || numbers.last() == 1) ? null
					: "The master '" + master.stream() + "' of the mill '" + plan.name() + "' ("
							+ master.source().location() + ") is read as a whole, so the mill has one lane, but "
							+ describe(counted) + ". Say merge: true for a stream of several partitions to "
							+ "read them as one.";
		}
		if (numbers.size() < 2) {
			return notShared(plan, master, numbers.last());
		}
		String single = counted.stream()
			.filter((each) -> each.partitions() == 1)
			.map((each) -> "'" + each.stream() + "'")
			.distinct()
			.collect(Collectors.joining(", "));
		return "The streams of the mill '" + plan.name() + "' have unequal numbers of partitions: " + describe(counted)
				+ ". Each lane joins the partitions of one number, so they must have equally many. "
				+ (single.isEmpty() ? "" : "Say broadcast: true for " + single + " to have each lane read it whole. ")
				+ "Give the topics equal numbers of partitions, by which their keys are spread alike, or say merge: "
				+ "true for a stream to have its partitions read as one.";
	}

	/**
	 * Why nobody would be given some of the lanes, which have partitions at one broker,
	 * and are shared out by another.
	 */
	private static @Nullable String notShared(MillPlan plan, JoinNode master, int lanes) {
		return Commits.membership(plan)
			.filter((membership) -> membership.mostLanes() < lanes)
			.map((membership) -> "The master '" + master.stream() + "' (" + master.source().location()
					+ ") of the mill '" + plan.name() + "' has " + lanes
					+ " partitions, so the mill has as many lanes, but its instances " + "share them out in the "
					+ membership.location() + ", whose topic each lane reads whole, so that "
					+ "only lane 0 would ever be at work. Join a topic that has " + lanes
					+ " partitions, too, without broadcast and merge, or give the master one partition.")
			.orElse(null);
	}

	private static String describe(List<Counted> counted) {
		return counted.stream()
			.map((each) -> "'" + each.stream() + "' (" + each.location() + ") has " + each.partitions())
			.collect(Collectors.joining(", "));
	}

	/**
	 * Whether lanes are made of partitions, so that there may be more of them some time.
	 */
	boolean isPartitioned() {
		return !this.counted.isEmpty();
	}

	/**
	 * Check that nothing has come since that would have to be merged with what is read.
	 * @param mill the name of the mill
	 * @param now what there is now
	 * @throws BrokerException if something has
	 */
	void requireNoneNew(String mill, LaneCount now) {
		now.growing.forEach((stream, names) -> {
			List<String> before = this.growing.getOrDefault(stream, List.of());
			List<String> more = new ArrayList<>(names);
			more.removeAll(before);
			if (!more.isEmpty()) {
				throw new BrokerException("The stream '" + stream + "' of the mill '" + mill + "' was given "
						+ String.join(", ", more) + " while it is merged of " + String.join(", ", before)
						+ ": what stands there may belong before elements that were passed already. Start the mill again: "
						+ "it merges what is new from its start then, and what of it belongs before such elements is out "
						+ "of order, and treated as the stream's on-disorder says.");
			}
		});
	}

	/**
	 * The number of lanes.
	 * @throws BrokerException if the streams don't fit each other
	 */
	int lanes() {
		if (this.mismatch != null) {
			throw new BrokerException(this.mismatch);
		}
		return this.counted.isEmpty() ? 1 : this.counted.get(0).partitions();
	}

	/**
	 * The greatest number of lanes that the mill may ever have had.
	 */
	int mostLanes() {
		return this.counted.stream().mapToInt(Counted::partitions).max().orElse(1);
	}

	/**
	 * How many partitions a place has.
	 *
	 * @param stream the stream that is read there
	 * @param location the place
	 * @param partitions how many it has
	 */
	record Counted(String stream, String location, int partitions) {

	}

}
