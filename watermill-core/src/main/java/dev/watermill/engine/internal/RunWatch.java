package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.Set;

import dev.watermill.broker.BrokerUnavailableException;

/**
 * Sees, for an instance that has nothing more to do, whether the lanes of the mill have
 * completed on the others, too: now and then, less often the longer it lasts. Used by one
 * thread.
 */
final class RunWatch {

	private static final Duration SHORTEST = Duration.ofMillis(500);

	private static final Duration LONGEST = Duration.ofSeconds(5);

	/** Nothing is to be seen. */
	private static final Duration REST = Duration.ofDays(1);

	private final MillPlan plan;

	private final MillRun run;

	private boolean resting = true;

	private Duration pause = Duration.ZERO;

	private long lookedAt;

	RunWatch(MillPlan plan, MillRun run) {
		this.plan = plan;
		this.run = run;
	}

	/**
	 * Note that there is something to do here, so that the mill is not over.
	 */
	void rest() {
		this.resting = true;
		this.pause = Duration.ZERO;
	}

	/**
	 * How long nobody has to look.
	 */
	Duration untilDue() {
		return this.resting ? REST : this.pause.minusNanos(System.nanoTime() - this.lookedAt);
	}

	/**
	 * Look, if it is time.
	 * @param lanes how many lanes the mill has
	 * @param failed those of them for which nobody waits
	 * @return whether all others have completed the run
	 */
	boolean areOver(int lanes, Set<Integer> failed) {
		if (!this.resting && untilDue().compareTo(Duration.ZERO) > 0) {
			return false;
		}
		Duration twice = this.pause.multipliedBy(2);
		this.pause = (twice.compareTo(SHORTEST) < 0) ? SHORTEST : (twice.compareTo(LONGEST) < 0) ? twice : LONGEST;
		this.resting = false;
		try {
			return this.run.isOver(this.plan, lanes, failed);
		}
		catch (BrokerUnavailableException ex) {
			return false;
		}
		finally {
			this.lookedAt = System.nanoTime();
		}
	}

}
