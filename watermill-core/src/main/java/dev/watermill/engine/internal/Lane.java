package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.Objects;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.engine.MillLiveness;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.stream.StreamException;
import dev.watermill.window.internal.OpenWindows;
import org.jspecify.annotations.Nullable;

/**
 * One run of a lane from its last commit on: merges, makes deliveries, has them processed
 * and commits. Whatever goes wrong, the run is thrown away with all that is not
 * committed, and another one begins. Used by one thread at a time, see {@link LongCalls}.
 */
final class Lane implements AutoCloseable {

	private final MillPlan plan;

	/** Whether other lanes, maybe elsewhere, make up the mill together with this one. */
	private final boolean sharing;

	private final LaneControl control;

	private final LaneCounters counters;

	private final Failures failures;

	private final Completion completion;

	private final CommitLog log;

	private final Commits.Resumption start;

	private final CommitPacer pacer;

	private final LaneWaiting waiting;

	private final MergeJoin merge;

	private final CommitRenewal renewal;

	private @Nullable Outputs outputs;

	private @Nullable DeadLetters deadLetters;

	/** Where what is written can't stay uncommitted as long as a call may last. */
	private @Nullable LongCalls longCalls;

	/** What makes deliveries, once there are outputs. */
	private @Nullable Deliveries deliveries;

	/** What commits, once there are outputs. */
	private @Nullable LaneCommit commit;

	Lane(MillPlan plan, LaneTerms terms, CommitScope scope, LaneControl control, LaneCounters counters,
			Failures failures, Completion completion) {
		this.plan = plan;
		this.sharing = terms.isOneOfSeveral();
		this.control = control;
		this.counters = counters;
		this.failures = failures;
		this.completion = completion;
		CommitPlace place = Commits.place(plan);
		this.log = place.open(scope);
		try {
			this.pacer = new CommitPacer(plan.timing().commitInterval(), this.log.timeLimit().orElse(null),
					this.log::isFull, plan.ticker());
			this.start = Commits.resume(plan, terms, scope, this.log, place, completion);
			control.known().resumedFrom(this.start.fresh() ? null : this.start.from());
			counters.begins(this.start, scope.session());
			control.known().skips().runs();
			this.waiting = new LaneWaiting(plan, control, new CommitWhileWaiting());
			this.merge = new MergeJoin(plan.tree(), scope.lane(), this.start.from(), counters.accounts(),
					plan.isHolding(), this.waiting);
			if (plan.deadLettersDeliveries()) {
				this.merge.keepOriginals();
			}
			this.renewal = new CommitRenewal(control, this.log, this.start, completion, counters, this.pacer,
					this.merge, plan.ticker());
		}
		catch (RuntimeException ex) {
			this.log.close();
			throw ex;
		}
	}

	/**
	 * Run until the streams are over or the mill is told to stop.
	 * @return whether the streams are over
	 */
	boolean run() {
		if (this.start.over()) {
			return true;
		}
		Deliveries deliveries;
		try {
			this.merge.open();
			this.control.known().opened(this.merge);
			this.control.steps().becomes(MillLiveness.Activity.MERGING);
			if (this.start.completed() && !awaitNews()) {
				if (this.sharing) {
					// others have to see that this lane has nothing to do
					this.renewal.complete();
				}
				return true;
			}
			if (this.start.completed()) {
				Commits.requireGrowing(this.plan);
			}
			deliveries = openOutputs();
			merge(deliveries);
			this.merge.checkOrder();
		}
		catch (StopSignal signal) {
			return stop(signal);
		}
		catch (StreamException ex) {
			return settle(ex);
		}
		try {
			if (!deliveries.current().isEndRequested()) {
				deliveries.finish();
				if (!deliveries.current().isEndRequested()) {
					this.merge.finish();
				}
			}
		}
		catch (StopSignal signal) {
			return stop(signal);
		}
		return complete(deliveries);
	}

	/**
	 * Stop, and keep what was processed.
	 * @return whether the streams are over, since the function ended them
	 */
	private boolean stop(StopSignal signal) {
		Deliveries made = this.deliveries;
		Deliveries.Stopped stopped = (made != null && signal != StopSignal.ABORTED) ? made.stop()
				: Deliveries.Stopped.BETWEEN_DELIVERIES;
		if (made != null && stopped == Deliveries.Stopped.AT_THE_END) {
			return complete(made);
		}
		if (stopped == Deliveries.Stopped.BETWEEN_DELIVERIES) {
			commitIfMoved();
		}
		return false;
	}

	/**
	 * Keep what was processed before an element that stops the mill.
	 * @return whether the streams are over, since the function ended them before it
	 * @throws StreamException otherwise
	 */
	private boolean settle(StreamException ex) {
		Deliveries made = this.deliveries;
		// where the function had ended them before, the order is looked at beyond the
		// end, too
		if (made != null && !this.control.isAborted() && !made.current().isEndRequested()) {
			try {
				made.settle();
			}
			catch (StopSignal signal) {
				return stop(signal);
			}
			if (made.current().isEndRequested()) {
				return complete(made);
			}
		}
		commitIfMoved();
		throw ex;
	}

	private boolean complete(Deliveries deliveries) {
		deliveries.cancel();
		this.control.permit().giveBack();
		Objects.requireNonNull(this.outputs).endOfStream();
		deliveries.commit().complete(deliveries.current().isEndRequested());
		return true;
	}

	private void merge(Deliveries deliveries) {
		try {
			this.control.permit().take(deliveries.commit().whileWaiting());
			this.merge.run(deliveries);
		}
		catch (StopSignal signal) {
			if (signal != StopSignal.ENDED) {
				throw signal;
			}
		}
	}

	/**
	 * Wait until something new stands in the streams of a mill that had completed.
	 * @return {@code false} if nothing is to be waited for
	 */
	private boolean awaitNews() {
		while (true) {
			this.control.check(this.renewal::ifDue);
			switch (this.merge.awaitNews(LaneWaiting.LONGEST)) {
				case SOME -> {
					return true;
				}
				case NEVER -> {
					return false;
				}
				case NONE -> {
					if (!this.plan.start().waitsForMore()) {
						return false;
					}
				}
				case UNKNOWN -> {
				}
			}
			this.control.steps().restsAs(MillLiveness.Activity.IDLE);
			this.renewal.ifDue();
		}
	}

	private Deliveries openOutputs() {
		Checkpoint from = this.start.fresh() ? null : this.start.from();
		Outputs opened = new Outputs(this.plan, from, this.log, this.counters);
		this.outputs = opened;
		DeadLetters letters = new DeadLetters(this.plan, from, this.log);
		this.deadLetters = letters;
		LaneCommit created = new LaneCommit(this.plan, this.control, this.counters, this.completion, this.log,
				this.start.run(), this.pacer, this.merge, this.merge.positions()::get, opened, letters);
		this.commit = created;
		Duration duringCalls = this.pacer.duringCalls();
		if (duringCalls != null) {
			LongCalls watched = new LongCalls(this.control.lane().toString(), duringCalls, created::duringCall);
			this.longCalls = watched;
			WatchThread.SHARED.add(watched);
		}
		Deliveries deliveries = deliveries(created, opened);
		this.deliveries = deliveries;
		this.waiting.workFor(deliveries);
		if (this.start.fresh() || this.start.completed()) {
			// so that whatever is in an output from now on, a checkpoint names it
			created.commit();
		}
		return deliveries;
	}

	private Deliveries deliveries(LaneCommit created, Outputs opened) {
		LaneRetry retry = new LaneRetry(this.control, this.failures, created);
		DeliveryCall call = new DeliveryCall(this.plan, retry, created, opened, this.control.steps(), this.longCalls);
		CurrentDelivery current = new CurrentDelivery(this.control.lane(), this.plan.tree(), this.merge,
				this.longCalls);
		Flights flights = this.plan.asynchronous()
				? new Flights(this.plan, this.control, this.counters, created, retry, call, current) : null;
		if (!this.plan.isWindowed() && flights != null) {
			return new FlyingDeliveries(this.control, this.counters, this.merge, created, call, current, flights);
		}
		if (!this.plan.isWindowed()) {
			return new SingleDeliveries(this.control, this.counters, this.merge, created, call, current);
		}
		Checkpoint.Input master = this.start.from().inputs().get(this.plan.tree().nodes().get(0).stream());
		OpenWindows windows = OpenWindows.of(this.plan.window(), this.plan.tree(), this.merge,
				this.plan.settings().limits().maxWindowSize(), (master != null) ? master.delivered() : null,
				this.plan.ticker());
		this.merge.positions().windows(windows::delivered);
		return new WindowDeliveries(this.control, this.counters, this.merge, created, call, current, windows, retry,
				flights);
	}

	private void commitIfMoved() {
		if (this.commit != null) {
			this.control.permit().giveBack();
			this.commit.ifMoved();
		}
	}

	@Override
	public void close() {
		if (this.control.isAborted()) {
			// it was for the function, and would keep clients from closing
			Thread.interrupted();
		}
		if (this.deliveries != null) {
			this.deliveries.cancel();
		}
		if (this.longCalls != null) {
			WatchThread.SHARED.remove(this.longCalls);
			this.longCalls.close();
		}
		this.control.known().closing();
		// the lock on the place of commits goes last, and whatever else fails
		try (CommitLog held = this.log;
				Outputs open = this.outputs;
				DeadLetters letters = this.deadLetters;
				MergeJoin streams = this.merge) {
			this.merge.abandon();
		}
	}

	/**
	 * Commits what there is, or else what was committed last.
	 */
	private final class CommitWhileWaiting implements WhileWaiting {

		@Override
		public void commit() {
			if (Lane.this.commit != null) {
				Lane.this.commit.whileWaiting().commit();
			}
			else {
				Lane.this.renewal.ifDue();
			}
		}

		@Override
		public Duration commitDue(Duration atMost) {
			if (Lane.this.commit != null) {
				return Lane.this.commit.whileWaiting().commitDue(atMost);
			}
			Lane.this.renewal.ifDue();
			return atMost;
		}

	}

}
