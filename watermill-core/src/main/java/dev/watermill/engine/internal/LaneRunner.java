package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.engine.DeliveryErrorHandler.Decision;
import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillPhase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one lane of a mill, again and again from its last commit, until it is over, told
 * to stop, or can't go on. Used by the lane's thread.
 */
final class LaneRunner {

	private static final Logger logger = LoggerFactory.getLogger(LaneRunner.class);

	/** Longer than it takes whoever woke up to hear that it has lost the lane. */
	private static final Duration BEFORE_TAKING_BACK = Duration.ofSeconds(1);

	private static final int MOST_BEFORE_TAKING_BACK = 10;

	private final MillPlan plan;

	private final LaneControl control;

	private final LaneCounters counters;

	private final LaneTerms terms;

	private CommitScope scope;

	/** How often another took this lane, although it is held here. */
	private int fenced;

	private final Failures failures;

	private final Restarts restarts;

	/** When this instance was given the lane, until it runs. */
	private @Nullable Long begun;

	private final Completion completion = new Completion();

	LaneRunner(MillPlan plan, LaneTerms terms, LaneControl control, LaneCounters counters) {
		this.plan = plan;
		this.control = control;
		this.counters = counters;
		this.terms = terms;
		this.scope = Commits.scope(plan, terms, CommitScope.newSession());
		this.failures = new Failures(plan, control);
		this.restarts = new Restarts(plan);
		this.begun = plan.ticker().getAsLong();
	}

	/**
	 * Run until the lane can't or shall not go on.
	 * @return how it ended
	 */
	MillPhase run() {
		MillPhase end = runUntilItFails();
		while (end instanceof MillPhase.Failed failed && isStartedAgain(failed.cause())) {
			end = runUntilItFails();
		}
		return end;
	}

	/**
	 * Wait until the lane, which has failed, is started again, if it is.
	 */
	private boolean isStartedAgain(Throwable cause) {
		LaneStatus known = this.control.known().status();
		Restarts.Restart next = this.control.wasInterrupted() ? null
				: this.restarts.after(cause, (known != null) ? known.checkpoint().inputs() : null);
		if (next == null) {
			return false;
		}
		logger.warn("Mill '{}', lane {}: {}", this.plan.name(), this.terms.lane().lane(), next.phase().detail());
		this.control.awaitRestart(next);
		this.restarts.begins();
		if (!this.control.isStopping()) {
			this.counters.restarts().increment();
		}
		return true;
	}

	private MillPhase runUntilItFails() {
		int unavailable = 0;
		Duration pause = Duration.ZERO;
		while (true) {
			try {
				this.control.pauseFor(pause);
				if (this.control.isStopping() || isDropped()) {
					return new MillPhase.Stopped();
				}
				this.control.steps().becomes(MillLiveness.Activity.STARTING);
				return runUnlessAborted();
			}
			catch (ProcessingException ex) {
				if (!ex.isPartlyWritten()) {
					return failed(ex);
				}
				Decision decision = this.failures.decision();
				if (decision instanceof Decision.Fail) {
					return failed(ex);
				}
				pause = (decision instanceof Decision.Retry retry) ? retry.pause() : Duration.ZERO;
				this.control.steps().becomes(MillLiveness.Activity.RETRYING);
			}
			catch (BrokerUnavailableException ex) {
				unavailable = (this.control.known().outage().get() != null) ? unavailable + 1 : 1;
				this.control.known().outage().begins(String.valueOf(ex.getMessage()));
				pause = this.plan.failure().pauseWhileAway(unavailable);
				this.control.steps().becomes(MillLiveness.Activity.WAITING);
			}
			catch (MillTakenOverException ex) {
				if (this.terms.member() == null) {
					logger.warn("Mill '{}' stopped: {}", this.plan.name(), ex.getMessage());
					return new MillPhase.TakenOver(String.valueOf(ex.getMessage()), ex);
				}
				pause = fenced(ex);
			}
			catch (Throwable ex) {
				return failed(ex);
			}
		}
	}

	/**
	 * Somebody else has taken the lane. By mistake, maybe: one that slept through losing
	 * it. That one finds out soon, so that this one takes it back, as a new session.
	 */
	private Duration fenced(MillTakenOverException ex) {
		this.fenced++;
		logger.warn("Mill '{}', lane {}: {} It is taken back if it is still held by this instance then",
				this.plan.name(), this.terms.lane().lane(), ex.getMessage());
		this.scope = Commits.scope(this.plan, this.terms, CommitScope.newSession());
		this.control.steps().becomes(MillLiveness.Activity.WAITING);
		return BEFORE_TAKING_BACK.multipliedBy(Math.min(this.fenced, MOST_BEFORE_TAKING_BACK));
	}

	/**
	 * Whether somebody else has taken the lane, rightly as far as can be seen.
	 */
	private boolean isDropped() {
		if (this.fenced == 0 || this.terms.isHeld()) {
			return false;
		}
		logger.info("Mill '{}' drops its lane {}, which another instance has", this.plan.name(),
				this.terms.lane().lane());
		return true;
	}

	private MillPhase failed(Throwable ex) {
		if (this.terms.isOneOfSeveral()) {
			logger.error("Mill '{}' failed at its lane {}: {}", this.plan.name(), this.terms.lane().lane(),
					ex.getMessage(), ex);
		}
		else {
			logger.error("Mill '{}' failed: {}", this.plan.name(), ex.getMessage(), ex);
		}
		return new MillPhase.Failed(ex);
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
			logger.warn("Mill '{}', lane {}, was ended: what it did since its last commit is repeated where it goes on",
					this.plan.name(), this.terms.lane().lane(), ex);
			return new MillPhase.Stopped();
		}
	}

	private MillPhase runOnce() {
		String completedIn = Commits.completedIn(this.plan, this.scope, this.completion);
		if (completedIn != null) {
			this.counters.happened(completedIn);
			return new MillPhase.Completed();
		}
		try (Lane lane = new Lane(this.plan, this.terms, this.scope, this.control, this.counters, this.failures,
				this.completion)) {
			this.control.runs();
			running();
			return run(lane);
		}
		finally {
			this.control.permit().giveBack();
		}
	}

	private void running() {
		if (!this.terms.isOneOfSeveral()) {
			logger.info("Mill '{}' runs", this.plan.name());
			return;
		}
		logger.info("Mill '{}' runs lane {}", this.plan.name(), this.terms.lane().lane());
		MillListener listener = this.plan.observers().listener();
		if (listener != null && this.begun != null) {
			listener.laneRuns(this.plan.ticker().getAsLong() - this.begun);
		}
		this.begun = null;
	}

	private MillPhase run(Lane lane) {
		try {
			return lane.run() ? new MillPhase.Completed() : new MillPhase.Stopped();
		}
		catch (BrokerUnavailableException ex) {
			this.control.known().outage().lastsUntilCommit();
			throw ex;
		}
	}

}
