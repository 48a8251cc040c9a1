package dev.watermill.engine.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
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
 * @param number the number of the run, from 1; 0 where the only lane of a mill knows by
 * itself
 * @param begun with how many lanes the mill began: what is in others was added since; 0
 * if there is only one
 */
record MillRun(int number, int begun) {

	/** That of the only lane, which knows by itself. */
	static final MillRun OF_ONE = new MillRun(0, 0);

	/**
	 * Find the run that a mill is in, or begins.
	 * @param lanes how many lanes the mill has
	 * @throws BrokerUnavailableException if the place of commits can be expected to
	 * answer later
	 */
	static MillRun of(MillPlan plan, int lanes) {
		Map<LaneId, Checkpoint> committed = peek(plan, lanes);
		List<Checkpoint> positions = committed.values()
			.stream()
			.filter((checkpoint) -> !checkpoint.inputs().isEmpty())
			.toList();
		OptionalInt known = positions.stream().mapToInt(Checkpoint::lanes).filter((number) -> number > 0).min();
		int begun = known.orElse(lanes);
		List<Integer> runs = positions.stream().map(Checkpoint::run).sorted().distinct().toList();
		if (runs.isEmpty()) {
			return new MillRun(1, begun);
		}
		// a lane of which nothing is committed is new, its partition having been added,
		// unless the mill began with it: others may be over before it commits at all
		boolean over = runs.size() == 1
				&& committed.values()
					.stream()
					.allMatch((checkpoint) -> checkpoint.completed() || checkpoint.inputs().isEmpty())
				&& IntStream.range(0, Math.min(known.orElse(0), lanes))
					.allMatch((lane) -> committed.containsKey(new LaneId(plan.name(), lane)));
		int last = runs.get(runs.size() - 1);
		return new MillRun(over ? last + 1 : last, begun);
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

	/**
	 * Return this run, or a later one if others have begun that.
	 */
	MillRun atLeast(int other) {
		return (other > this.number) ? new MillRun(other, this.begun) : this;
	}

	/**
	 * Whether a lane was added since the mill began.
	 */
	boolean isAdded(LaneId lane) {
		return this.begun > 0 && lane.lane() >= this.begun;
	}

	private static Map<LaneId, Checkpoint> peek(MillPlan plan, int lanes) {
		// lanes that write to places of their own commit there, too
		Map<MillPlan, List<CommitScope>> scopes = new IdentityHashMap<>();
		IntStream.range(0, lanes).forEach((lane) -> {
			MillPlan own = plan.lane(lane);
			scopes.computeIfAbsent(own, (missing) -> new ArrayList<>())
				.add(Commits.scope(own, new LaneTerms(new LaneId(plan.name(), lane), MillRun.OF_ONE, null), ""));
		});
		Map<LaneId, Checkpoint> committed = new HashMap<>();
		scopes.forEach((own, ofPlace) -> committed.putAll(Commits.place(own).peek(ofPlace)));
		return committed;
	}

}
