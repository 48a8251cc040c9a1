package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.ReservedName;
import dev.watermill.count.MillCounters;
import dev.watermill.count.internal.MillSums;
import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillActivity;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.engine.Output;
import dev.watermill.join.JoinNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a mill on a thread of its own, again and again from its last commit until it is
 * over, told to stop, or can't go on. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MillRunner {

	private static final Logger logger = LoggerFactory.getLogger(MillRunner.class);

	/**
	 * Unlike a function that fails, a broker is back at some time: nobody waits longer.
	 */
	private static final Duration LONGEST_PAUSE_WHILE_AWAY = Duration.ofSeconds(1);

	private final MillPlan plan;

	private final MillSums counters;

	private final MillControl control;

	/** Of whoever built the mill, and so of those whose code it calls. */
	private final @Nullable ClassLoader classLoader = Thread.currentThread().getContextClassLoader();

	private final ReentrantLock lifecycle = new ReentrantLock();

	/** Who works, so that it can be interrupted. */
	private volatile @Nullable Thread worker;

	/** Whether a thread works, and whether another one is to follow it. */
	private boolean working;

	private boolean startAgain;

	/**
	 * Create a runner.
	 * @param plan what the mill is made of
	 */
	public MillRunner(MillPlan plan) {
		this.plan = plan;
		this.counters = new MillSums(plan.tree().nodes().stream().map(JoinNode::stream).toList(),
				plan.outputs().stream().map(Output::stream).toList(), plan.ticker());
		this.control = new MillControl(plan);
	}

	/**
	 * What the mill is made of.
	 * @return the plan
	 */
	public MillPlan plan() {
		return this.plan;
	}

	/**
	 * What was counted.
	 * @return the counters
	 */
	public MillCounters counters() {
		return this.counters;
	}

	/**
	 * What is known of the mill now.
	 * @return the status
	 */
	public MillStatus status() {
		return this.control.status();
	}

	/**
	 * What is known of the mill's lanes, as of their last commits.
	 * @return a status for each lane that has committed since it started
	 */
	public List<LaneStatus> lanes() {
		return this.control.lanes();
	}

	/**
	 * Whether the mill gets on.
	 * @return what is seen of it now
	 */
	public MillLiveness liveness() {
		return this.control.liveness();
	}

	/**
	 * How many elements stand behind those that were passed of each stream.
	 * @return the numbers by the names of the streams, without those that are unknown
	 */
	public Map<String, Long> lags() {
		return this.control.lags();
	}

	/**
	 * Where the mill commits.
	 * @return a text for people
	 */
	public String commitPlace() {
		return Commits.place(this.plan).location();
	}

	/**
	 * The names under which brokers keep what belongs to this mill alone.
	 * @return what of the mill each belongs to, for people
	 */
	public Map<ReservedName, String> reservedNames() {
		return Commits.reservedNames(this.plan);
	}

	/**
	 * Start the mill on a thread of its own, unless it is at work. A mill that is about
	 * to stop starts again when it has stopped.
	 * @throws IllegalStateException if it must not be started now
	 */
	public void start() {
		this.lifecycle.lock();
		try {
			if (this.working) {
				this.startAgain = this.control.isStopping();
				return;
			}
			begin();
			thread().start();
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	/**
	 * Make a thread that has nothing of whoever starts it: a web server's thread, for
	 * one, would hand on that it is a daemon, its class loader, and who is logged in.
	 */
	private Thread thread() {
		Thread thread = new Thread(null, () -> work(true), Commits.lane(this.plan).toString(), 0, false);
		thread.setDaemon(false);
		thread.setPriority(Thread.NORM_PRIORITY);
		thread.setContextClassLoader(this.classLoader);
		return thread;
	}

	/**
	 * Say that the mill is going to be started once something has happened.
	 * @param detail what it waits for
	 */
	public void waitFor(String detail) {
		this.lifecycle.lock();
		try {
			if (!this.working) {
				this.control.waiting(detail);
			}
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	/**
	 * Run the mill on the calling thread. To interrupt that thread is no stop, as
	 * {@link #stop()} is: a function that is interrupted has failed, and while the mill
	 * waits it fails itself. A thread that was interrupted then is so when this returns.
	 * @return the state in which it ended
	 * @throws IllegalStateException if it is at work already, or must not be started now
	 */
	public MillState run() {
		this.lifecycle.lock();
		try {
			checkIdle("run twice at a time");
			begin();
		}
		finally {
			this.lifecycle.unlock();
		}
		work(false);
		if (this.control.wasInterrupted()) {
			Thread.currentThread().interrupt();
		}
		return status().state();
	}

	private void begin() {
		MillListener listener = this.plan.listener();
		if (listener != null) {
			listener.starting();
		}
		this.working = true;
		this.control.wishRun();
		this.control.changeTo(MillState.STARTING);
	}

	private void checkIdle(String what) {
		if (this.working) {
			throw new IllegalStateException(
					"The mill '" + this.plan.name() + "' is at work and can't be " + what + ": stop it first");
		}
	}

	/**
	 * Tell the mill to stop: it finishes the delivery it is at, commits and stops.
	 * Returns at once.
	 */
	public void stop() {
		this.lifecycle.lock();
		try {
			this.startAgain = false;
			this.control.wishStop();
			if (!this.working && status().state() == MillState.STARTING) {
				this.control.changeTo(MillState.STOPPED);
			}
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	/**
	 * End the mill now: interrupt its function, and commit nothing any more. Returns at
	 * once.
	 */
	public void abort() {
		this.lifecycle.lock();
		try {
			stop();
			if (this.working) {
				this.control.wishAbort();
				Thread thread = this.worker;
				if (thread != null) {
					thread.interrupt();
				}
			}
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	/**
	 * Tell the mill to pause, with its streams open. Returns at once.
	 */
	public void pause() {
		if (this.control.isAtWork()) {
			this.control.wishPause();
		}
	}

	/**
	 * Tell the mill to go on after a pause.
	 */
	public void resume() {
		if (this.control.isAtWork()) {
			this.control.wishResume();
		}
	}

	/**
	 * Wait until the mill is not at work.
	 * @param timeout how long to wait at most
	 * @return whether it is so
	 * @throws InterruptedException if the thread was interrupted
	 */
	public boolean awaitEnd(Duration timeout) throws InterruptedException {
		return this.control.awaitEnd(timeout);
	}

	/**
	 * Forget the positions of a mill that is not at work. What it wrote is replaced when
	 * it starts.
	 * @throws IllegalStateException if it is at work
	 */
	public void reset() {
		this.lifecycle.lock();
		try {
			checkIdle("reset");
			Commits.reset(this.plan);
			this.control.resumedFrom(null);
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	private void work(boolean own) {
		this.control.begins(own);
		this.control.skips().begin();
		MillSummary summary = new MillSummary(this.plan, this.counters);
		End end = ended(MillState.STOPPED);
		this.worker = Thread.currentThread();
		try {
			end = runUntilEnd();
			this.control.skips().tell();
			logger.info(summary.line(end.state()));
		}
		finally {
			this.lifecycle.lock();
			try {
				// together, so that who sees the end can start or reset the mill at once
				this.working = false;
				this.worker = null;
				this.control.ends();
				end.tell().run();
				if (this.startAgain) {
					this.startAgain = false;
					startAgain();
				}
			}
			finally {
				this.lifecycle.unlock();
			}
		}
	}

	private void startAgain() {
		try {
			start();
		}
		catch (IllegalStateException ex) {
			logger.info("Mill '{}' does not start again: {}", this.plan.name(), ex.getMessage());
		}
	}

	/**
	 * Run until the mill can't or shall not go on.
	 * @return how it ended
	 */
	private End runUntilEnd() {
		Failures failures = new Failures(this.plan, this.control);
		Completion completion = new Completion();
		CommitScope scope = Commits.scope(this.plan, CommitScope.newSession());
		int unavailable = 0;
		Duration pause = Duration.ZERO;
		while (true) {
			try {
				this.control.pauseFor(pause);
				if (this.control.isStopping()) {
					return ended(MillState.STOPPED);
				}
				this.control.steps().becomes(MillActivity.STARTING);
				return ended(runLane(scope, failures, completion));
			}
			catch (ProcessingException ex) {
				if (!ex.isPartlyWritten()) {
					return fail(ex);
				}
				Failures.Verdict verdict = failures.judge(ex);
				if (verdict == Failures.Verdict.FAIL) {
					return fail(ex);
				}
				if (verdict == Failures.Verdict.SKIP) {
					failures.skipWhenReached();
				}
				pause = (verdict == Failures.Verdict.REPEAT) ? failures.pause(ex) : Duration.ZERO;
				this.control.steps().becomes(MillActivity.RETRYING);
			}
			catch (BrokerUnavailableException ex) {
				unavailable = (this.control.status().unavailable() != null) ? unavailable + 1 : 1;
				this.control.unavailable(String.valueOf(ex.getMessage()));
				pause = pauseWhileAway(unavailable);
				this.control.steps().becomes(MillActivity.WAITING);
			}
			catch (MillTakenOverException ex) {
				logger.warn("Mill '{}' stopped: {}", this.plan.name(), ex.getMessage());
				return new End(MillState.STOPPED, () -> this.control.takenOver(ex));
			}
			catch (Throwable ex) {
				return fail(ex);
			}
		}
	}

	private Duration pauseWhileAway(int attempt) {
		Duration pause = this.plan.retry().pauseAfter(attempt);
		return (pause.compareTo(LONGEST_PAUSE_WHILE_AWAY) < 0) ? pause : LONGEST_PAUSE_WHILE_AWAY;
	}

	/**
	 * Run once from the last commit on.
	 * @return how it ended, everything being closed then
	 */
	private MillState runLane(CommitScope scope, Failures failures, Completion completion) {
		try {
			return runOnce(scope, failures, completion);
		}
		catch (RuntimeException | Error ex) {
			if (!this.control.isAborted()) {
				throw ex;
			}
			logger.warn("Mill '{}' was aborted: what it did since its last commit is repeated at the next start",
					this.plan.name(), ex);
			return MillState.STOPPED;
		}
	}

	private MillState runOnce(CommitScope scope, Failures failures, Completion completion) {
		if (Commits.isCompleted(this.plan, scope, completion)) {
			return MillState.COMPLETED;
		}
		try (Lane lane = new Lane(this.plan, scope, this.control, this.counters.lane(scope.lane().lane()), failures,
				completion)) {
			this.control.changeTo(MillState.RUNNING);
			logger.info("Mill '{}' runs", this.plan.name());
			return run(lane);
		}
	}

	private MillState run(Lane lane) {
		try {
			return lane.run() ? MillState.COMPLETED : MillState.STOPPED;
		}
		catch (BrokerUnavailableException ex) {
			this.control.unavailableAtWork();
			throw ex;
		}
	}

	private End ended(MillState state) {
		return new End(state, () -> this.control.changeTo(state));
	}

	private End fail(Throwable ex) {
		logger.error("Mill '{}' failed: {}", this.plan.name(), ex.getMessage(), ex);
		return new End(MillState.FAILED, () -> this.control.failed(ex));
	}

	/**
	 * How a mill ended.
	 *
	 * @param state the state
	 * @param tell makes it known
	 */
	private record End(MillState state, Runnable tell) {

	}

}
