package dev.watermill.engine.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import dev.watermill.engine.MillPhase;
import org.jspecify.annotations.Nullable;

/**
 * What a mill does, from what its lanes do.
 */
final class LanePhases {

	private LanePhases() {
	}

	/**
	 * What lanes do together.
	 * @param lanes what each does, in the order of their numbers
	 * @param staying whether the mill goes on without any
	 * @param pausing whether it is to pause
	 * @return the phase, {@code null} for what the mill did before
	 */
	static @Nullable MillPhase together(Map<Integer, MillPhase> lanes, boolean staying, boolean pausing) {
		List<MillPhase> atWork = lanes.values().stream().filter(MillPhase::isAtWork).toList();
		if (atWork.isEmpty() && !staying) {
			return null;
		}
		MillPhase failed = failed(lanes, staying);
		if (failed != null) {
			return failed;
		}
		if (atWork.isEmpty()) {
			return pausing ? new MillPhase.Paused() : new MillPhase.Running();
		}
		if (atWork.stream().anyMatch(MillPhase.Running.class::isInstance)) {
			return new MillPhase.Running();
		}
		return (pausing && atWork.stream().allMatch(MillPhase.Paused.class::isInstance)) ? new MillPhase.Paused()
				: null;
	}

	/**
	 * One that is not started again by itself comes first.
	 */
	private static @Nullable MillPhase failed(Map<Integer, MillPhase> lanes, boolean staying) {
		MillPhase found = null;
		for (Map.Entry<Integer, MillPhase> lane : lanes.entrySet()) {
			if (lane.getValue() instanceof MillPhase.Failed failed) {
				return new MillPhase.LaneFailed(lane.getKey(), failed.cause(), null);
			}
			if (found == null && lane.getValue() instanceof MillPhase.Restarting next) {
				boolean only = lanes.size() == 1 && !staying;
				found = only ? next : new MillPhase.LaneFailed(lane.getKey(), next.cause(), next);
			}
		}
		return found;
	}

	/**
	 * How a mill ended: the gravest of the ends of its lanes.
	 */
	static MillPhase gravest(Collection<MillPhase> ends) {
		return ends.stream().max(Comparator.comparingInt(LanePhases::weight)).orElse(new MillPhase.Stopped());
	}

	private static int weight(MillPhase end) {
		return switch (end.state()) {
			case FAILED -> 3;
			case STOPPED -> (end instanceof MillPhase.TakenOver) ? 2 : 1;
			default -> 0;
		};
	}

}
