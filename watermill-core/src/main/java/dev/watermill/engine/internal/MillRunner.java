package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.Membership;
import dev.watermill.broker.ReservedName;
import dev.watermill.count.MillCounters;
import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.engine.Output;
import dev.watermill.join.JoinNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is asked of a mill, and knows what there is to know of it. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MillRunner {

	private static final Logger logger = LoggerFactory.getLogger(MillRunner.class);

	private final MillPlan plan;

	private final MillSums counters;

	private final PublishedPhase phase;

	private final Lanes lanes;

	private final LanesSeen seen;

	private final ReentrantLock lifecycle = new ReentrantLock();

	/** What was counted before the mill began to work, {@code null} while it does not. */
	private @Nullable MillSummary atWork;

	/** Whether it is to work again once it has stopped. */
	private boolean startAgain;

	/**
	 * Create a runner.
	 * @param plan what the mill is made of
	 */
	public MillRunner(MillPlan plan) {
		this.plan = plan;
		this.counters = new MillSums(plan.tree().nodes().stream().map(JoinNode::stream).toList(),
				plan.outputs().stream().map(Output::stream).toList(), plan.ticker());
		this.phase = new PublishedPhase(plan);
		this.lanes = new Lanes(plan, this.phase, this.counters);
		this.seen = new LanesSeen(this.lanes);
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
		return this.phase.status(this.seen.outage(), this.seen.now());
	}

	/**
	 * What is known of the mill's lanes, as of their last commits.
	 * @return a status for each lane that has committed
	 */
	public List<LaneStatus> lanes() {
		return this.seen.statuses();
	}

	/**
	 * Whether the mill gets on.
	 * @return what is seen of it now
	 */
	public MillLiveness liveness() {
		return this.seen.liveness();
	}

	/**
	 * How many elements stand behind those that were passed of each stream.
	 * @return the numbers by the names of the streams, without those that are unknown
	 */
	public Map<String, Long> lags() {
		return this.seen.lags();
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
	 * Start the mill on threads of its own, unless it is at work. One that is takes up
	 * the lanes again that have failed, and one that is about to stop starts again when
	 * it has stopped.
	 * @throws IllegalStateException if it must not be started now
	 */
	public void start() {
		this.lifecycle.lock();
		try {
			if (this.atWork != null) {
				this.startAgain = this.lanes.wish().isStop() || !this.lanes.retake();
				return;
			}
			begin();
			Thread keeper = MillThreads.create(() -> ended(new LaneKeeper(this.plan, this.lanes, true).keep()));
			keeper.setName(this.plan.name() + "-lanes");
			keeper.setContextClassLoader(this.lanes.classLoader());
			keeper.start();
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	/**
	 * Say that the mill is going to be started once something has happened.
	 * @param detail what it waits for
	 */
	public void waitFor(String detail) {
		this.lifecycle.lock();
		try {
			if (this.atWork == null) {
				this.phase.become(new MillPhase.Waiting(detail));
			}
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	/**
	 * Run the mill on the calling thread: its only lane, or what keeps several of them,
	 * which have threads of their own. To interrupt that thread is no stop, as
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
		LaneKeeper keeper = new LaneKeeper(this.plan, this.lanes, false);
		ended(keeper.keep());
		if (keeper.wasInterrupted()) {
			Thread.currentThread().interrupt();
		}
		return this.phase.get().state();
	}

	private void begin() {
		MillListener listener = this.plan.observers().listener();
		if (listener != null) {
			listener.starting();
		}
		this.atWork = new MillSummary(this.plan, this.counters);
		this.lanes.begin();
		this.phase.become(new MillPhase.Starting());
	}

	private void checkIdle(String what) {
		if (this.atWork != null) {
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
			this.lanes.wish(MillWish::stop);
			if (this.atWork == null && this.phase.get() instanceof MillPhase.Waiting) {
				this.phase.become(new MillPhase.Stopped());
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
			if (this.atWork != null) {
				this.lanes.wish(MillWish::abort);
				this.lanes.interrupt();
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
		if (this.phase.get().isAtWork()) {
			this.lanes.wish(MillWish::pause);
		}
	}

	/**
	 * Tell the mill to go on after a pause.
	 */
	public void resume() {
		if (this.phase.get().isAtWork()) {
			this.lanes.wish(MillWish::resume);
		}
	}

	/**
	 * Whether the mill works on the calling thread.
	 * @return {@code true} within its function
	 */
	public boolean isCurrentThread() {
		return this.lanes.isCurrentThread();
	}

	/**
	 * Wait until the mill is not at work. On its own thread there is nothing to wait for:
	 * it ends once that goes on.
	 * @param timeout how long to wait at most
	 * @return whether it is so
	 * @throws InterruptedException if the thread was interrupted
	 */
	public boolean awaitEnd(Duration timeout) throws InterruptedException {
		return this.phase.awaitEnd(isCurrentThread() ? Duration.ZERO : timeout);
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
			LaneReset.all(this.plan);
			this.lanes.forget();
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	/**
	 * The instances among which the lanes of the mill are shared out.
	 * @return the instances as the broker knows them, none if lanes are not shared out
	 */
	public List<Membership.Peer> members() {
		return Commits.membership(this.plan).map(Membership::members).orElse(List.of());
	}

	/**
	 * The mill is over; called by the thread that keeps its lanes.
	 */
	private void ended(MillPhase end) {
		this.lifecycle.lock();
		try {
			MillSummary summary = this.atWork;
			if (summary != null) {
				logger.info(summary.line(end.state()));
			}
			// together, so that who sees the end can start or reset the mill at once
			this.atWork = null;
			this.phase.become(end);
			if (this.startAgain) {
				this.startAgain = false;
				startAgain();
			}
		}
		finally {
			this.lifecycle.unlock();
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

}
