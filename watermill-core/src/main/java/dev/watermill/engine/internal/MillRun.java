package dev.watermill.engine.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;

/**
 * One run of a mill, which is over when all of its lanes have completed it, on whichever
 * instances they are. A start that finds it so begins the next one. Immutable.
 *
 * @param number the number of the run, from 1
 */
record MillRun(int number) {

	/**
	 * Find the run that a mill is in, or begins.
	 * @param lanes how many lanes the mill has
	 * @throws BrokerUnavailableException if the place of commits can be expected to
	 * answer later
	 */
	static MillRun of(MillPlan plan, int lanes) {
		Collection<Checkpoint> committed = peek(plan, lanes).values();
		List<Integer> runs = committed.stream()
			.filter((checkpoint) -> !checkpoint.inputs().isEmpty())
			.map(Checkpoint::run)
			.sorted()
			.distinct()
			.toList();
		if (runs.isEmpty()) {
			return new MillRun(1);
		}
		// a lane of which nothing is committed is new, its partition having been added
		boolean over = runs.size() == 1
				&& committed.stream().allMatch((checkpoint) -> checkpoint.completed() || checkpoint.inputs().isEmpty());
		int last = runs.get(runs.size() - 1);
		return new MillRun(over ? last + 1 : last);
	}

	/**
	 * Whether lanes have completed this run.
	 * @param lanes how many lanes the mill has
	 * @param except those for which nobody waits
	 * @throws BrokerUnavailableException if the place of commits can be expected to
	 * answer later
	 */
	boolean isOver(MillPlan plan, int lanes, Set<Integer> except) {
		if (except.size() >= lanes) {
			return true;
		}
		Map<LaneId, Checkpoint> committed = peek(plan, lanes);
		return IntStream.range(0, lanes).filter((lane) -> !except.contains(lane)).allMatch((lane) -> {
			Checkpoint last = committed.get(new LaneId(plan.name(), lane));
			return last != null && isOver(last);
		});
	}

	/**
	 * Whether a lane has completed this run.
	 * @param committed the last commit of the lane
	 */
	boolean isOver(Checkpoint committed) {
		return committed.run() > this.number || (committed.completed() && committed.run() == this.number);
	}

	private static Map<LaneId, Checkpoint> peek(MillPlan plan, int lanes) {
		// lanes that write to places of their own commit there, too
		Map<MillPlan, List<CommitScope>> scopes = new IdentityHashMap<>();
		IntStream.range(0, lanes).forEach((lane) -> {
			MillPlan own = plan.lane(lane);
			scopes.computeIfAbsent(own, (missing) -> new ArrayList<>())
				.add(Commits.scope(own, new LaneTerms(new LaneId(plan.name(), lane), 0, null), ""));
		});
		Map<LaneId, Checkpoint> committed = new HashMap<>();
		scopes.forEach((own, ofPlace) -> committed.putAll(Commits.place(own).peek(ofPlace)));
		return committed;
	}

}
