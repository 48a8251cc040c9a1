package dev.watermill.engine.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.Checkpoint;
import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillActivity;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.join.internal.MergeJoin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is asked of a mill and what is known of it: the only thing that its thread and
 * others share. Thread-safe.
 */
final class MillControl {

	private static final Logger logger = LoggerFactory.getLogger(MillControl.class);

	/** How long a pause lasts until it is seen whether something has become due. */
	private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

	private enum Wish {

		RUN, PAUSE, STOP

	}

	private final MillPlan plan;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private volatile Wish wish = Wish.STOP;

	/** Whether nothing may be committed any more. */
	private volatile boolean aborted;

	private volatile MillStatus status;

	private volatile @Nullable LaneStatus lane;

	/** Whether the thread that works is the mill's own; only that thread asks. */
	private boolean ownThread;

	private boolean interrupted;

	private final SkipLog skips;

	private final LaneSteps steps = new LaneSteps();

	private final MillWatch watch;

	/** The merge of the lane that is open. */
	private volatile @Nullable MergeJoin join;

	/** Whether only a commit shows that what was away is there again. */
	private volatile boolean awayUntilCommit;

	MillControl(MillPlan plan) {
		this.plan = plan;
		this.watch = new MillWatch(this.steps, plan.ticker());
		this.skips = new SkipLog(plan.name(), plan.clock());
		this.status = new MillStatus(MillState.STOPPED, plan.clock().instant(), null, null, null, null, null);
	}

	MillStatus status() {
		return this.status;
	}

	/**
	 * What the mill's thread counts as it goes.
	 */
	LaneSteps steps() {
		return this.steps;
	}

	MillLiveness liveness() {
		return this.watch.liveness();
	}

	/**
	 * How many elements stand behind those that were passed: as it is now while a lane is
	 * open, else as of the last commit.
	 */
	Map<String, Long> lags() {
		Map<String, Long> lags = new LinkedHashMap<>();
		for (LaneStatus known : lanes()) {
			known.inputs().forEach((stream, input) -> {
				if (input.lag() != null) {
					lags.put(stream, input.lag());
				}
			});
		}
		MergeJoin open = this.join;
		if (open != null) {
			lags.putAll(open.lags());
		}
		return lags;
	}

	/**
	 * Note that a lane has opened its streams.
	 */
	void opened(MergeJoin merge) {
		this.join = merge;
	}

	void closing() {
		this.join = null;
	}

	List<LaneStatus> lanes() {
		LaneStatus known = this.lane;
		return (known != null) ? List.of(known) : List.of();
	}

	/**
	 * Do what others wish: pause as long as they wish, or stop.
	 * @param whileWaiting what to do before pausing, and now and then while it lasts
	 */
	void check(Runnable whileWaiting) {
		if (this.wish == Wish.RUN) {
			return;
		}
		if (this.wish == Wish.PAUSE) {
			pause(whileWaiting);
		}
		if (this.wish == Wish.STOP) {
			throw StopSignal.STOPPED;
		}
	}

	private void pause(Runnable whileWaiting) {
		whileWaiting.run();
		changeTo(MillState.PAUSED);
		while (this.wish == Wish.PAUSE) {
			this.steps.restsAs(MillActivity.PAUSED);
			await(Wish.PAUSE, BETWEEN_LOOKS);
			whileWaiting.run();
		}
		this.steps.becomes(MillActivity.MERGING);
		if (this.wish == Wish.RUN) {
			changeTo(MillState.RUNNING);
		}
	}

	/**
	 * Let time pass, unless somebody wishes the mill to stop.
	 */
	void pauseFor(Duration duration) {
		long left = duration.toNanos();
		this.lock.lock();
		try {
			while (left > 0 && this.wish != Wish.STOP) {
				left = awaitChange(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Let time pass as long as something is wished.
	 */
	private void await(Wish same, Duration duration) {
		long left = duration.toNanos();
		this.lock.lock();
		try {
			while (left > 0 && this.wish == same) {
				left = awaitChange(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private long awaitChange(long nanos) {
		long end = System.nanoTime() + nanos;
		try {
			return this.changed.awaitNanos(nanos);
		}
		catch (InterruptedException ex) {
			interrupted();
			return end - System.nanoTime();
		}
	}

	/**
	 * Somebody interrupted the mill's thread while it waited. On a thread of the mill's
	 * own that means nothing: only a stop is a stop. Somebody else's thread has to be
	 * given back.
	 */
	void interrupted() {
		if (this.aborted) {
			return;
		}
		if (this.ownThread) {
			logger.warn("Mill '{}': its thread was interrupted by somebody, which is no stop; it goes on",
					this.plan.name());
			return;
		}
		this.interrupted = true;
		throw new IllegalStateException(
				"the thread that runs it was interrupted. Use stop() to stop a mill, or start() to give it a thread of its own.");
	}

	/**
	 * Note that a thread begins to run the mill.
	 * @param own whether it is the mill's own, and not that of a caller
	 */
	void begins(boolean own) {
		this.ownThread = own;
		this.interrupted = false;
		this.awayUntilCommit = false;
		this.steps.becomes(MillActivity.STARTING);
		this.watch.begin();
		WatchThread.SHARED.add(this.watch);
	}

	/**
	 * Note that the thread is about to leave the mill.
	 */
	void ends() {
		WatchThread.SHARED.remove(this.watch);
		this.watch.end();
	}

	boolean wasInterrupted() {
		return this.interrupted;
	}

	boolean isStopping() {
		return this.wish == Wish.STOP;
	}

	boolean isAborted() {
		return this.aborted;
	}

	void wishRun() {
		this.aborted = false;
		wish(Wish.RUN);
	}

	/**
	 * Wish a mill to pause that runs, but not one that is to stop.
	 */
	void wishPause() {
		wish(Wish.RUN, Wish.PAUSE);
	}

	void wishResume() {
		wish(Wish.PAUSE, Wish.RUN);
	}

	void wishStop() {
		wish(Wish.STOP);
	}

	void wishAbort() {
		this.aborted = true;
		wish(Wish.STOP);
	}

	private void wish(Wish from, Wish to) {
		this.lock.lock();
		try {
			if (this.wish == from) {
				wish(to);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void wish(Wish wish) {
		this.lock.lock();
		try {
			this.wish = wish;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	void changeTo(MillState state) {
		MillStatus last = this.status;
		MillStatus next = last.to(state, this.plan.clock().instant());
		String away = last.unavailable();
		Instant awaySince = last.unavailableSince();
		if (this.awayUntilCommit && state == MillState.RUNNING && away != null && awaySince != null) {
			next = next.withUnavailable(away, awaySince);
		}
		change(next);
	}

	void takenOver(Throwable cause) {
		String detail = String.valueOf(cause.getMessage());
		change(this.status.to(MillState.STOPPED, this.plan.clock().instant())
			.withDetail(detail)
			.withUnavailable(detail, this.plan.clock().instant())
			.withError(new MillStatus.Problem(detail, cause, this.plan.clock().instant())));
	}

	void waiting(String detail) {
		change(this.status.to(MillState.STARTING, this.plan.clock().instant()).withDetail(detail));
	}

	void failed(Throwable cause) {
		change(this.status.to(MillState.FAILED, this.plan.clock().instant())
			.withError(new MillStatus.Problem(withName(cause), cause, this.plan.clock().instant())));
	}

	private String withName(Throwable cause) {
		String name = "mill '" + this.plan.name() + "': ";
		String message = (cause instanceof RuntimeException && cause.getMessage() != null) ? cause.getMessage()
				: cause.toString();
		return message.startsWith(name) ? message : name + message;
	}

	/**
	 * Keep in mind what went wrong, although the mill goes on.
	 */
	void troubled(Throwable cause) {
		this.status = this.status
			.withError(new MillStatus.Problem(withName(cause), cause, this.plan.clock().instant()));
	}

	void unavailable(String detail) {
		if (!detail.equals(this.status.unavailable())) {
			logger.warn("Mill '{}' waits for {}", this.plan.name(), detail);
		}
		this.status = this.status.withUnavailable(detail, this.plan.clock().instant());
	}

	/**
	 * Note that what does not answer is needed at work, so that a run that begins again
	 * does not show yet that it is there.
	 */
	void unavailableAtWork() {
		this.awayUntilCommit = true;
	}

	void available() {
		if (this.status.unavailable() != null) {
			logger.info("Mill '{}' goes on: {} is there again", this.plan.name(), this.status.unavailable());
		}
		this.status = this.status.withAllAvailable();
	}

	void resumedFrom(@Nullable Checkpoint checkpoint) {
		this.lane = null;
		this.status = this.status.withCheckpoint(checkpoint);
		if (!this.awayUntilCommit) {
			this.status = this.status.withAllAvailable();
		}
	}

	void committed(Checkpoint checkpoint, LaneStatus status) {
		this.status = this.status.withCheckpoint(checkpoint);
		this.lane = status;
		if (this.awayUntilCommit) {
			this.awayUntilCommit = false;
			available();
		}
	}

	private void change(MillStatus changedStatus) {
		this.lock.lock();
		try {
			this.status = changedStatus;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		MillListener listener = this.plan.listener();
		if (listener != null) {
			listener.changed(changedStatus.state());
		}
	}

	/**
	 * Wait until the mill does not run any more.
	 * @return whether that is so
	 */
	boolean awaitEnd(Duration timeout) throws InterruptedException {
		// what is too long to count is as good as for ever
		long left = TimeUnit.NANOSECONDS.convert(timeout);
		this.lock.lock();
		try {
			while (isAtWork()) {
				if (left <= 0) {
					return false;
				}
				left = this.changed.awaitNanos(left);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isAtWork() {
		return switch (this.status.state()) {
			case STARTING, RUNNING, PAUSED -> true;
			case STOPPED, COMPLETED, FAILED -> false;
		};
	}

	/**
	 * The elements that are skipped since they are bad.
	 */
	SkipLog skips() {
		return this.skips;
	}

}
