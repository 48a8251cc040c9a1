package dev.watermill.engine.internal;

import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import org.jspecify.annotations.Nullable;

/**
 * On what terms a lane works here. Immutable.
 *
 * @param lane the lane
 * @param run the run of the mill
 * @param member by which membership it is held, {@code null} if by none
 */
record LaneTerms(LaneId lane, MillRun run, Membership.@Nullable Member member) {

	/**
	 * In which run the lane goes on.
	 * @param committed the last commit, {@code null} if there is none
	 */
	MillRun runAfter(@Nullable Checkpoint committed) {
		if (committed == null) {
			return this.run.atLeast(1);
		}
		// others may have begun a run since this instance began
		return this.run.atLeast((!isOneOfSeveral() && committed.completed()) ? committed.run() + 1 : committed.run());
	}

	/**
	 * Whether other lanes, maybe elsewhere, make up the mill together with this one.
	 */
	boolean isOneOfSeveral() {
		return this.run.number() > 0;
	}

	/**
	 * Whether the lane is still held by this instance.
	 * @throws BrokerUnavailableException if that can be expected to be known later
	 */
	boolean isHeld() {
		return this.member != null && this.member.holds(this.lane.lane());
	}

}
