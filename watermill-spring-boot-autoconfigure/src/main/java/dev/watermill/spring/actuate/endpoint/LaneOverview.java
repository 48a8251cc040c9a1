package dev.watermill.spring.actuate.endpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;

/**
 * The lanes of a mill that are here, of which a list of mills shows those only that want
 * a look where there are many.
 *
 * @param byState the numbers of all lanes, by what they are doing
 * @param shown the lanes that are shown
 */
record LaneOverview(Map<MillState, List<Integer>> byState, List<LaneDescriptor> shown) {

	/** More than that nobody reads one by one. */
	private static final int FEW = 48;

	/** How many are shown of those that are the farthest behind. */
	private static final int FARTHEST = 8;

	static LaneOverview of(Mill mill, MillStatus status, boolean all) {
		Map<MillState, List<Integer>> byState = new EnumMap<>(MillState.class);
		status.lanes()
			.forEach((lane) -> byState.computeIfAbsent(lane.phase().state(), (state) -> new ArrayList<>())
				.add(lane.lane()));
		List<LaneDescriptor> lanes = LaneDescriptor.of(mill, status, all);
		return new LaneOverview(byState, (all || lanes.size() <= FEW) ? lanes : wantingALook(lanes));
	}

	private static boolean isTroubled(LaneDescriptor lane) {
		return lane.error() != null || lane.unavailable() != null
				|| (lane.liveness() != null && lane.liveness().waitsFor() != null);
	}

	private static List<LaneDescriptor> wantingALook(List<LaneDescriptor> lanes) {
		Stream<LaneDescriptor> troubled = lanes.stream().filter(LaneOverview::isTroubled).limit(FEW);
		Stream<LaneDescriptor> behind = lanes.stream()
			.sorted(Comparator.comparingLong(LaneDescriptor::knownLag).reversed())
			.limit(FARTHEST);
		return Stream.concat(troubled, behind)
			.distinct()
			.sorted(Comparator.comparingInt(LaneDescriptor::lane))
			.toList();
	}

}
