package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.broker.LaneId;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillPhase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lane's thread shares with others: it does what is wished of it, and leaves
 * behind what is known of the lane. Lasts as long as the lane works here, over all its
 * runs. Others ask something of it; all else is the lane's thread's.
 */
final class LaneControl {

	private static final Logger logger = LoggerFactory.getLogger(LaneControl.class);

	/** How long a pause lasts until it is seen whether something has become due. */
	private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(1);

	private final LaneId lane;

	private final MillWish wish;

	private final Permits permits;

	private final LanePermit permit;

	private final Listener listener;

	private final LaneSteps steps = new LaneSteps();

	private final LaneKnown known;

	private final RestartPause restart = new RestartPause();

	/** Whether the thread that works is the lane's own; only that thread asks. */
	private boolean ownThread;

	private boolean interrupted;

	/**
	 * Create what is shared about a lane that is about to begin.
	 * @param wish what is asked of this lane
	 * @param permits lets it work
	 * @param listener is told of what becomes of it
	 */
	LaneControl(MillPlan plan, LaneId lane, MillWish wish, Permits permits, Listener listener) {
		this.lane = lane;
		this.permits = permits;
		this.permit = new LanePermit(permits, this);
		this.wish = wish;
		this.listener = listener;
		this.known = new LaneKnown(plan, lane, this.steps, listener);
	}

	LaneId lane() {
		return this.lane;
	}

	/**
	 * What the lane's thread counts as it goes.
	 */
	LaneSteps steps() {
		return this.steps;
	}

	/**
	 * Lets the lane work.
	 */
	LanePermit permit() {
		return this.permit;
	}

	/**
	 * What is known of the lane.
	 */
	LaneKnown known() {
		return this.known;
	}

	/**
	 * What the lane does, in the words that count for mills.
	 */
	MillPhase phase() {
		return this.known.phase();
	}

	/**
	 * What is asked of the lane.
	 */
	MillWish wish() {
		return this.wish;
	}

	/**
	 * Ask something of the lane.
	 */
	void wish(Lanes.Wisher asked) {
		asked.ask(this.wish);
		if (this.wish.isStop()) {
			wakeUp();
		}
	}

	/**
	 * Let the lane finish what it is at.
	 */
	void stop() {
		this.wish.stop();
		wakeUp();
	}

	/**
	 * Let the lane commit nothing any more.
	 */
	void abort() {
		this.wish.abort();
		wakeUp();
	}

	private void wakeUp() {
		this.permits.wake();
		this.known.wakeUp();
		this.restart.end();
	}

	/**
	 * Start the lane again at once, if it waits until it is started again.
	 */
	void hurry() {
		this.restart.end();
	}

	/**
	 * Note that a thread begins to run the lane.
	 * @param own whether it is the lane's own, and not that of a caller
	 */
	void begins(boolean own) {
		this.ownThread = own;
		this.interrupted = false;
		this.known.begins();
	}

	/**
	 * Note that a run has opened what it needs.
	 */
	void runs() {
		this.known.becomes(new MillPhase.Running());
	}

	/**
	 * Keep in mind what went wrong, although the lane goes on.
	 */
	void troubled(Throwable cause) {
		this.listener.troubled(cause);
	}

	/**
	 * Whether nobody wishes anything else than that the mill runs.
	 */
	boolean isToRun() {
		return this.wish.get() == MillWish.Wish.RUN;
	}

	boolean isStopping() {
		return this.wish.isStop();
	}

	boolean isAborted() {
		return this.wish.isAbort();
	}

	/**
	 * Let nothing be committed that is not to be: somebody else may have the lane.
	 */
	void requireNotAborted() {
		if (isAborted()) {
			throw StopSignal.ABORTED;
		}
	}

	/**
	 * Do what others wish: pause as long as they wish, or stop.
	 * @param whileWaiting what is seen to before a pause, and now and then while it lasts
	 */
	void check(WhileWaiting whileWaiting) {
		if (this.wish.get() == MillWish.Wish.RUN) {
			return;
		}
		if (this.wish.get() == MillWish.Wish.PAUSE) {
			pause(whileWaiting);
		}
		if (this.wish.isStop()) {
			throw StopSignal.STOPPED;
		}
	}

	private void pause(WhileWaiting whileWaiting) {
		whileWaiting.commit();
		this.permit.without(() -> awaitResumption(whileWaiting), whileWaiting);
	}

	private void awaitResumption(WhileWaiting whileWaiting) {
		this.known.outage().paused();
		this.known.becomes(new MillPhase.Paused());
		while (this.wish.get() == MillWish.Wish.PAUSE) {
			this.steps.restsAs(MillLiveness.Activity.PAUSED);
			await(MillWish.Wish.PAUSE, BETWEEN_CHECKS);
			whileWaiting.commit();
		}
		this.steps.becomes(MillLiveness.Activity.MERGING);
		if (this.wish.get() == MillWish.Wish.RUN) {
			runs();
		}
	}

	/**
	 * How long the lane may wait for a stream until it sees what else there is to do.
	 */
	Duration longestWait() {
		return this.listener.longestWait();
	}

	/**
	 * Let time pass, unless somebody wishes the mill to stop.
	 */
	void pauseFor(Duration duration) {
		long end = System.nanoTime() + duration.toNanos();
		for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
			MillWish.Wish current = this.wish.get();
			if (this.wish.isStop()) {
				return;
			}
			await(current, Duration.ofNanos(left));
		}
	}

	/**
	 * Let time pass, and do what others wish meanwhile.
	 * @param as what the lane does then
	 * @param whileWaiting what to do before pausing, and now and then while it lasts
	 */
	void pauseFor(Duration duration, MillLiveness.Activity as, WhileWaiting whileWaiting) {
		long end = System.nanoTime() + duration.toNanos();
		for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
			this.steps.becomes(as);
			await(MillWish.Wish.RUN, Duration.ofNanos(left));
			check(whileWaiting);
		}
		check(whileWaiting);
	}

	/**
	 * Let time pass until the lane, which has failed, is started again, unless somebody
	 * wishes it to stop.
	 */
	void awaitRestart(Restarts.Restart next) {
		this.restart.begin();
		this.steps.becomes(MillLiveness.Activity.RETRYING);
		this.known.becomes(next.phase());
		if (!isStopping()) {
			this.restart.await(next.pause(), this::interrupted);
		}
		this.restart.over();
	}

	/**
	 * Let time pass as long as something is wished.
	 */
	private void await(MillWish.Wish same, Duration duration) {
		long end = System.nanoTime() + duration.toNanos();
		for (long left = duration.toNanos(); left > 0 && this.wish.get() == same; left = end - System.nanoTime()) {
			try {
				this.wish.await(same, left);
			}
			catch (InterruptedException ex) {
				interrupted();
			}
		}
	}

	/**
	 * Somebody interrupted the lane's thread while it waited. On a thread of the lane's
	 * own that means nothing: only a stop is a stop. Somebody else's thread has to be
	 * given back.
	 */
	void interrupted() {
		if (isAborted()) {
			return;
		}
		if (this.ownThread) {
			logger.warn("Mill '{}': its thread was interrupted by somebody, which is no stop; it goes on",
					this.lane.mill());
			return;
		}
		this.interrupted = true;
		throw new IllegalStateException(
				"the thread that runs it was interrupted. Use stop() to stop a mill, or start() to give it a thread of its own.");
	}

	boolean wasInterrupted() {
		return this.interrupted;
	}

	/**
	 * Is told what becomes of a lane, by its thread.
	 */
	interface Listener {

		/**
		 * The lane does something else.
		 */
		void changed();

		/**
		 * How long a lane may wait until it sees what is asked of it, or of what others
		 * do.
		 */
		Duration longestWait();

		/**
		 * Something went wrong, although the lane goes on.
		 */
		void troubled(Throwable cause);

	}

}
