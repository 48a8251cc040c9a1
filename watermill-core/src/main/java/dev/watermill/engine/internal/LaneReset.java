package dev.watermill.engine.internal;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;

/**
 * Forgets where the lanes of a mill stand.
 */
final class LaneReset {

	private LaneReset() {
	}

	/**
	 * Forget the positions of all lanes.
	 * @throws IllegalStateException if any is at work on another instance
	 */
	static void all(MillPlan plan) {
		Commits.membership(plan).ifPresent((membership) -> requireNobody(plan, membership.others()));
		int most = LaneCount.of(plan).mostLanes();
		for (int lane = 0; lane < most; lane++) {
			Commits.reset(plan.lane(lane), new LaneId(plan.name(), lane));
		}
	}

	private static void requireNobody(MillPlan plan, List<Membership.Peer> others) {
		if (!others.isEmpty()) {
			throw new IllegalStateException("The mill '" + plan.name() + "' is at work on other instances and "
					+ "can't be reset: stop it first on "
					+ others.stream()
						.map((peer) -> peer.host() + " (" + peer.id() + ", lanes " + new TreeSet<>(peer.lanes()) + ")")
						.collect(Collectors.joining(", ")));
		}
	}

}
