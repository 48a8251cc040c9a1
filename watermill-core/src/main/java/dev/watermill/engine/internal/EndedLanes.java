package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.broker.MillTakenOverException;
import dev.watermill.engine.MillPhase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats the last commits of lanes that have ended while the mill goes on, before a
 * broker forgets them: a lane that has failed could not be taken up again otherwise, and
 * one that has completed would not be known to have. Used by one thread.
 */
final class EndedLanes {

	private static final Logger logger = LoggerFactory.getLogger(EndedLanes.class);

	private static final Duration BETWEEN_ATTEMPTS = Duration.ofHours(1);

	private final MillPlan plan;

	private final Lanes lanes;

	private long dueAt;

	EndedLanes(MillPlan plan, Lanes lanes) {
		this.plan = plan;
		this.lanes = lanes;
		dueIn(CommitPacer.FORGETTABLE);
	}

	private void dueIn(Duration duration) {
		this.dueAt = this.plan.ticker().getAsLong() + duration.toNanos();
	}

	/**
	 * Repeat the commits, if it is time.
	 */
	void renewIfDue() {
		if (this.plan.ticker().getAsLong() - this.dueAt < 0) {
			return;
		}
		dueIn(CommitPacer.FORGETTABLE);
		this.lanes.workers().stream().filter(EndedLanes::hasEnded).map(LaneWorker::terms).forEach(this::renew);
	}

	private static boolean hasEnded(LaneWorker worker) {
		MillPhase phase = worker.control().phase();
		return worker.hasEnded() && (phase instanceof MillPhase.Completed || phase instanceof MillPhase.Failed);
	}

	private void renew(LaneTerms terms) {
		try {
			Commits.renew(this.plan.lane(terms.lane().lane()), terms);
		}
		catch (MillTakenOverException ex) {
			// it is whoever has the lane now who does this
		}
		catch (RuntimeException ex) {
			dueIn(BETWEEN_ATTEMPTS);
			logger.warn(
					"Mill '{}': the last commit of its lane {}, which has ended, could not be repeated, so that "
							+ "brokers may forget it. It is tried again in {}: {}",
					this.plan.name(), terms.lane().lane(), BETWEEN_ATTEMPTS, ex.getMessage());
		}
	}

}
