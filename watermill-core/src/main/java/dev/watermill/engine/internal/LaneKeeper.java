package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.engine.MillPhase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lanes of a mill, from one start of it to its end: finds how many there are,
 * has them started, and sees when they are over. Used by one thread, which a mill with a
 * single lane that nobody else may have gives to that lane.
 */
final class LaneKeeper {

	private static final Logger logger = LoggerFactory.getLogger(LaneKeeper.class);

	/** How long an end is awaited until it is awaited again. */
	private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(1);

	/** A membership says by a call that it has given lanes, but not that it has none. */
	private static final Duration WHILE_JOINING = Duration.ofMillis(50);

	private final MillPlan plan;

	private final Lanes lanes;

	private final LanesSeen seen;

	/** Whether the thread was made for this, so that nobody needs it otherwise. */
	private final boolean ownThread;

	private boolean interrupted;

	private final Restarts restarts;

	/** Why the mill failed as a whole, {@code null} unless it did. */
	private @Nullable Throwable failure;

	LaneKeeper(MillPlan plan, Lanes lanes, boolean ownThread) {
		this.plan = plan;
		this.lanes = lanes;
		this.seen = new LanesSeen(lanes);
		this.ownThread = ownThread;
		this.restarts = new Restarts(plan);
	}

	/**
	 * Whether the thread was interrupted, which is its caller's to know.
	 */
	boolean wasInterrupted() {
		return this.interrupted;
	}

	/**
	 * Keep the lanes until the mill is over.
	 * @return how it ended
	 */
	MillPhase keep() {
		MillPhase end = keepUntilItFails();
		while (this.failure != null && isStartedAgain(this.failure)) {
			end = keepUntilItFails();
		}
		return end;
	}

	private MillPhase keepUntilItFails() {
		this.failure = null;
		MillPhase end;
		try {
			end = keepLanes();
		}
		catch (InterruptedException ex) {
			this.interrupted = true;
			end = failed(new IllegalStateException("The thread that runs the mill '" + this.plan.name()
					+ "' was interrupted. Use stop() to stop a mill, or start() to give it a thread of its own.", ex));
		}
		catch (Throwable ex) {
			end = failed(ex);
		}
		this.lanes.ownOutage().clear();
		return end;
	}

	/**
	 * Wait until the mill, which has failed as a whole, is started again, if it is.
	 */
	private boolean isStartedAgain(Throwable cause) {
		Restarts.Restart next = this.interrupted ? null : this.restarts.after(cause,
				this.seen.statuses().stream().map((status) -> status.checkpoint().inputs()).toList());
		if (next == null) {
			return false;
		}
		logger.warn("Mill '{}': {}", this.plan.name(), next.phase().detail());
		this.lanes.awaitRestart(next, this::interruptedBeforeRestart);
		this.restarts.begins();
		if (this.interrupted) {
			this.lanes.close();
		}
		return !this.interrupted;
	}

	private void interruptedBeforeRestart() {
		if (this.ownThread) {
			goesOn();
		}
		else {
			this.interrupted = true;
			this.lanes.restart().end();
		}
	}

	private MillPhase failed(Throwable ex) {
		this.failure = ex;
		logger.error("Mill '{}' failed: {}", this.plan.name(), ex.getMessage(), ex);
		this.lanes.workers().forEach(LaneWorker::stop);
		this.lanes.workers().forEach(this::awaitEnd);
		this.lanes.close();
		return new MillPhase.Failed(ex);
	}

	private void awaitEnd(LaneWorker worker) {
		if (worker.control().isAborted()) {
			// it was given the time that it has
			return;
		}
		while (!worker.hasEnded() && worker.isAtWork()) {
			try {
				worker.awaitEnd(BETWEEN_CHECKS);
			}
			catch (InterruptedException ex) {
				this.interrupted = true;
				worker.abandon();
			}
		}
	}

	private MillPhase keepLanes() throws InterruptedException {
		LaneCount count = patiently(() -> LaneCount.of(this.plan));
		if (count == null) {
			return this.lanes.close();
		}
		int number = count.lanes();
		if (!prepare(number)) {
			return this.lanes.close();
		}
		Membership membership = Commits.membership(this.plan).orElse(null);
		if (!count.isPartitioned() && count.growing().isEmpty() && membership == null) {
			return keepOne();
		}
		MillRun run = patiently(() -> MillRun.of(this.plan, number));
		if (run == null) {
			return this.lanes.close();
		}
		CountWatch watch = new CountWatch(this.plan, this.lanes.ownOutage(), () -> !this.seen.isAnyAtWork(), count);
		return (membership != null) ? keepShared(membership, run, watch) : keepAll(run, watch);
	}

	/**
	 * Let outputs have a partition for each lane.
	 * @return {@code false} if the mill is to end
	 */
	private boolean prepare(int number) throws InterruptedException {
		return patiently(() -> {
			this.plan.prepareOutputs(number);
			return number;
		}) != null;
	}

	private MillPhase keepOne() {
		LaneId lane = new LaneId(this.plan.name(), 0);
		if (this.ownThread) {
			Thread.currentThread().setName(lane.toString());
		}
		this.lanes.open(false);
		this.interrupted = this.lanes.work(new LaneTerms(lane, MillRun.OF_ONE, null), this.ownThread);
		return this.lanes.close();
	}

	/**
	 * Keep all lanes of the mill, which are here: it is over when they are.
	 */
	private MillPhase keepAll(MillRun run, CountWatch watch) throws InterruptedException {
		EndedLanes ended = new EndedLanes(this.plan, this.lanes);
		this.lanes.open(false);
		start(0, watch.lanes(), run);
		while (true) {
			long changes = this.lanes.changes();
			List<LaneWorker> workers = this.lanes.workers();
			if (!this.seen.isAnyAtWork()) {
				return this.lanes.close();
			}
			if (workers.stream().anyMatch((worker) -> worker.control().phase() instanceof MillPhase.TakenOver)) {
				// who has one of them is going to have all
				workers.forEach(LaneWorker::stop);
			}
			ended.renewIfDue();
			int before = watch.lanes();
			if (watch.look()) {
				start(before, watch.lanes(), run);
			}
			await(changes, watch.untilDue());
		}
	}

	private void start(int from, int to, MillRun run) {
		IntStream.range(from, to)
			.forEach((lane) -> this.lanes.start(new LaneTerms(new LaneId(this.plan.name(), lane), run, null)));
	}

	/**
	 * Keep those lanes that the membership gives to this instance: the mill is over when
	 * all of its lanes are, wherever they are.
	 */
	private MillPhase keepShared(Membership membership, MillRun run, CountWatch watch) throws InterruptedException {
		this.lanes.leaveAll();
		RunWatch others = new RunWatch(this.plan, run);
		EndedLanes ended = new EndedLanes(this.plan, this.lanes);
		try (SharedLanes shared = new SharedLanes(this.plan, this.lanes, run, watch.lanes())) {
			shared.join(membership);
			boolean open = false;
			while (true) {
				long changes = this.lanes.changes();
				RuntimeException lost = shared.end();
				if (lost != null) {
					return ended(lost);
				}
				if (!open && (shared.isMember() || !this.lanes.workers().isEmpty())) {
					open = true;
					this.lanes.open(true);
				}
				if (this.lanes.wish().isAbort()) {
					// others are to have the lanes, though a call here may not end
					return stopped(this.lanes.close());
				}
				if (!this.seen.isAnyAtWork()) {
					if (this.lanes.wish().isStop()) {
						boolean all = this.seen.areOver(IntStream.range(0, watch.lanes()).boxed().toList());
						MillPhase end = this.lanes.close();
						return all ? end : stopped(end);
					}
					Set<Integer> failed = this.seen.failed();
					if (open && this.seen.areOver(shared.held()) && others.areOver(watch.lanes(), failed)) {
						MillPhase end = this.lanes.close();
						return failed.isEmpty() ? new MillPhase.Completed() : end;
					}
				}
				else {
					others.rest();
				}
				ended.renewIfDue();
				if (watch.isDue()) {
					shared.retake();
				}
				if (watch.look()) {
					shared.grow(watch.lanes());
				}
				await(changes, open ? Durations.shorter(watch.untilDue(), others.untilDue()) : WHILE_JOINING);
			}
		}
	}

	/**
	 * That some lanes have completed here does not say that the mill has.
	 */
	private static MillPhase stopped(MillPhase end) {
		return (end instanceof MillPhase.Completed || end.isAtWork()) ? new MillPhase.Stopped() : end;
	}

	private MillPhase ended(RuntimeException cause) {
		this.lanes.close();
		if (!(cause instanceof MillTakenOverException)) {
			return failed(cause);
		}
		logger.warn("Mill '{}' stopped: {}", this.plan.name(), cause.getMessage());
		return new MillPhase.TakenOver(String.valueOf(cause.getMessage()), cause);
	}

	/**
	 * Ask a broker until it answers.
	 * @return the answer, {@code null} if the mill is to end
	 */
	private <V> @Nullable V patiently(Supplier<V> ask) throws InterruptedException {
		for (int attempt = 1; !this.lanes.wish().isStop(); attempt++) {
			long changes = this.lanes.changes();
			try {
				V answer = ask.get();
				this.lanes.ownOutage().answered();
				return answer;
			}
			catch (BrokerUnavailableException ex) {
				this.lanes.ownOutage().begins(String.valueOf(ex.getMessage()));
				await(changes, this.plan.failure().pauseWhileAway(attempt));
			}
		}
		return null;
	}

	private void await(long changes, Duration atMost) throws InterruptedException {
		try {
			this.lanes.awaitChange(changes, atMost);
		}
		catch (InterruptedException ex) {
			if (!this.ownThread) {
				throw ex;
			}
			goesOn();
		}
	}

	private void goesOn() {
		logger.warn("Mill '{}': its thread was interrupted by somebody, which is no stop; it goes on",
				this.plan.name());
	}

}
