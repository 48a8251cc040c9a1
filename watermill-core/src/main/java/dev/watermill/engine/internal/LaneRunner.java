package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillPhase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one lane of a mill, again and again from its last commit, until it is over, told
 * to stop, or can't go on. Used by the lane's thread.
 */
final class LaneRunner {

	private static final Logger logger = LoggerFactory.getLogger(LaneRunner.class);

	/**
	 * Unlike a function that fails, a broker is back at some time: nobody waits longer.
	 */
	private static final Duration LONGEST_PAUSE_WHILE_AWAY = Duration.ofSeconds(1);

	private final MillPlan plan;

	private final LaneControl control;

	private final LaneCounters counters;

	private final LaneTerms terms;

	private final CommitScope scope;

	private final Failures failures;

	private final Completion completion = new Completion();

	LaneRunner(MillPlan plan, LaneTerms terms, LaneControl control, LaneCounters counters) {
		this.plan = plan;
		this.control = control;
		this.counters = counters;
		this.terms = terms;
		this.scope = Commits.scope(plan, terms, CommitScope.newSession());
		this.failures = new Failures(plan, control);
	}

	/**
	 * Run until the lane can't or shall not go on.
	 * @return how it ended
	 */
	MillPhase run() {
		int unavailable = 0;
		Duration pause = Duration.ZERO;
		while (true) {
			try {
				this.control.pauseFor(pause);
				if (this.control.isStopping()) {
					return new MillPhase.Stopped();
				}
				this.control.steps().becomes(MillLiveness.Activity.STARTING);
				return runUnlessAborted();
			}
			catch (ProcessingException ex) {
				if (!ex.isPartlyWritten()) {
					return failed(ex);
				}
				Failures.Verdict verdict = this.failures.judge(ex);
				if (verdict == Failures.Verdict.FAIL) {
					return failed(ex);
				}
				if (verdict == Failures.Verdict.SKIP) {
					this.failures.skipWhenReached();
				}
				pause = (verdict == Failures.Verdict.REPEAT) ? this.failures.pause(ex) : Duration.ZERO;
				this.control.steps().becomes(MillLiveness.Activity.RETRYING);
			}
			catch (BrokerUnavailableException ex) {
				unavailable = (this.control.outage().get() != null) ? unavailable + 1 : 1;
				this.control.outage().begins(String.valueOf(ex.getMessage()));
				pause = pauseWhileAway(unavailable);
				this.control.steps().becomes(MillLiveness.Activity.WAITING);
			}
			catch (MillTakenOverException ex) {
				logger.warn("Mill '{}' stopped: {}", this.plan.name(), ex.getMessage());
				return new MillPhase.TakenOver(String.valueOf(ex.getMessage()), ex);
			}
			catch (Throwable ex) {
				return failed(ex);
			}
		}
	}

	private MillPhase failed(Throwable ex) {
		logger.error("Mill '{}' failed: {}", this.plan.name(), ex.getMessage(), ex);
		return new MillPhase.Failed(ex);
	}

	private Duration pauseWhileAway(int attempt) {
		Duration pause = this.plan.failure().retry().pauseAfter(attempt);
		return (pause.compareTo(LONGEST_PAUSE_WHILE_AWAY) < 0) ? pause : LONGEST_PAUSE_WHILE_AWAY;
	}

	/**
	 * Run once from the last commit on.
	 * @return how it ended, everything being closed then
	 */
	private MillPhase runUnlessAborted() {
		try {
			return runOnce();
		}
		catch (RuntimeException | Error ex) {
			if (!this.control.isAborted()) {
				throw ex;
			}
			logger.warn("Mill '{}' was aborted: what it did since its last commit is repeated at the next start",
					this.plan.name(), ex);
			return new MillPhase.Stopped();
		}
	}

	private MillPhase runOnce() {
		if (Commits.isCompleted(this.plan, this.scope, this.completion)) {
			return new MillPhase.Completed();
		}
		try (Lane lane = new Lane(this.plan, this.terms, this.scope, this.control, this.counters, this.failures,
				this.completion)) {
			this.control.runs();
			logger.info("Mill '{}' runs", this.plan.name());
			return run(lane);
		}
	}

	private MillPhase run(Lane lane) {
		try {
			return lane.run() ? new MillPhase.Completed() : new MillPhase.Stopped();
		}
		catch (BrokerUnavailableException ex) {
			this.control.outage().lastsUntilCommit();
			throw ex;
		}
	}

}
