package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitTimedOutException;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillLiveness;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.stream.Position;

/**
 * Commits what a lane has done: its results and where the merge stands, as one. Between
 * any two steps, and wherever the merge waits, the positions are those of the next
 * delivery; so a commit is right at any of these moments. Used by one thread at a time,
 * see {@link LongCalls}.
 */
final class LaneCommit {

	private final MillPlan plan;

	private final LaneControl control;

	private final LaneCounters counters;

	private final Completion completion;

	private final CommitLog log;

	private final MillRun run;

	private final CommitPacer pacer;

	private final MergeJoin merge;

	/** Where to begin again with what is not written yet. */
	private final Supplier<Map<String, Checkpoint.Input>> unwritten;

	private final Outputs outputs;

	private final DeadLetters deadLetters;

	private final LaneReporter reporter;

	/** Made once, since the control is asked for every element. */
	private final WhileWaiting whileWaiting = new CommitWhileWaiting();

	private final Runnable commit = this::commit;

	/** The deliveries of this run, and how many of them are committed. */
	private long delivered;

	private long committed;

	/** Whether anything else was passed since the last commit. */
	private boolean moved;

	/**
	 * Create what commits for a run.
	 * @param unwritten where every stream is to be taken up again, so that all deliveries
	 * come again of which results are not written yet, and no others: where the merge
	 * stands, as long as the results of one are written before the next begins
	 */
	LaneCommit(MillPlan plan, LaneControl control, LaneCounters counters, Completion completion, CommitLog log,
			MillRun run, CommitPacer pacer, MergeJoin merge, Supplier<Map<String, Checkpoint.Input>> unwritten,
			Outputs outputs, DeadLetters deadLetters) {
		this.unwritten = unwritten;
		this.plan = plan;
		this.control = control;
		this.counters = counters;
		this.completion = completion;
		this.log = log;
		this.run = run;
		this.pacer = pacer;
		this.merge = merge;
		this.outputs = outputs;
		this.deadLetters = deadLetters;
		this.reporter = new LaneReporter(plan, control.lane().lane(), counters);
	}

	/**
	 * Note that a delivery was processed and its results are written.
	 */
	void delivered() {
		this.delivered++;
	}

	/**
	 * How many deliveries may be made before they are noted, since no commit is due.
	 */
	int granted() {
		return this.pacer.granted();
	}

	/**
	 * Note that deliveries that were granted were processed, and their results are
	 * written.
	 */
	void delivered(int count) {
		this.pacer.passed(count);
		this.delivered += count;
	}

	/**
	 * Note that something was passed that a restart would meet again.
	 */
	void moved() {
		this.moved = true;
	}

	/**
	 * Let the next commit come as soon as it can.
	 */
	void hasten() {
		this.pacer.hasten();
	}

	private boolean isMoved() {
		return this.moved || this.delivered != this.committed || this.merge.positions().hasMoved();
	}

	/**
	 * Commit if it is time, while others work. Called for every element.
	 */
	void ifDue() {
		if (this.pacer.isDue()) {
			commitWhileOthersWork();
		}
	}

	/**
	 * Commit if it is time, which is seen exactly, while others work.
	 */
	void ifOver() {
		if (isMoved() && this.pacer.isOver()) {
			commitWhileOthersWork();
		}
	}

	/**
	 * Commit without a permit, and begin to count the time anew when it is this lane's
	 * turn again: nothing is uncommitted then. Otherwise a commit would be due at once,
	 * and lanes that take turns would commit more than they work.
	 */
	private void commitWhileOthersWork() {
		this.control.permit().without(this.commit, this.whileWaiting);
		this.pacer.committed(this.plan.ticker().getAsLong());
	}

	/**
	 * Commit what there is, if there is anything.
	 */
	void ifMoved() {
		if ((isMoved() || this.merge.positions().hasMovedAnywhere()) && !this.control.isAborted()) {
			commit();
		}
	}

	/**
	 * What commits before the lane waits, and again while it does, before a broker
	 * forgets it.
	 */
	WhileWaiting whileWaiting() {
		return this.whileWaiting;
	}

	/**
	 * Commit what came before the call of the function that lasts. Called while it does,
	 * by another thread.
	 */
	void duringCall() {
		if (isOver()) {
			commit();
		}
	}

	private boolean isOver() {
		return (isMoved() && this.pacer.isOver()) || this.pacer.isForgettable();
	}

	/**
	 * Commit what is written, since nothing more is there for now, and what is due.
	 * @return how long the next commit can wait, {@code atMost} or less
	 */
	Duration beforeIdling(Duration atMost) {
		if (isWritten() || isOver()) {
			commit();
		}
		return untilDue(atMost);
	}

	/**
	 * How long the next commit can wait.
	 * @return the duration, {@code atMost} or less
	 */
	Duration untilDue(Duration atMost) {
		return isMoved() ? this.pacer.untilOver(atMost) : atMost;
	}

	private boolean isWritten() {
		return this.outputs.isWritten() || this.deadLetters.isWritten();
	}

	/**
	 * What is written of what is passed over. It belongs to the commit that covers that.
	 */
	DeadLetters deadLetters() {
		return this.deadLetters;
	}

	void commit() {
		commit(false, false);
	}

	/**
	 * Commit for the last time: the lane has completed.
	 * @param byFunction whether since the function ended the stream
	 */
	void complete(boolean byFunction) {
		commit(true, byFunction);
	}

	private void commit(boolean completed, boolean byFunction) {
		this.control.requireNotAborted();
		this.control.known().skips().tick();
		this.control.steps().becomes(MillLiveness.Activity.COMMITTING);
		long start = this.plan.ticker().getAsLong();
		Map<String, Position> lengths = this.outputs.flush();
		this.deadLetters.flush(lengths);
		Map<String, Checkpoint.Input> inputs = completed ? this.merge.positions().completed(byFunction)
				: this.unwritten.get();
		Checkpoint checkpoint = new Checkpoint(inputs, lengths, completed, this.run.number(), this.run.begun());
		if (completed) {
			this.completion.attempted(checkpoint);
		}
		count(checkpoint);
		write(checkpoint);
		if (!completed) {
			this.completion.before(checkpoint);
		}
		this.outputs.committed(completed);
		this.deadLetters.committed(completed);
		if (completed) {
			Commits.completed(this.plan, this.control.lane());
		}
		this.merge.positions().committed(checkpoint);
		this.counters.committed(checkpoint);
		this.control.known().skips().committed();
		this.counters.sample(this.plan.ticker().getAsLong());
		this.control.known().committed(this.reporter.report(checkpoint, this.merge));
		this.control.steps().becomes(MillLiveness.Activity.MERGING);
		this.moved = false;
		this.committed = this.delivered;
		long end = this.plan.ticker().getAsLong();
		this.pacer.committed(end);
		MillListener listener = this.plan.observers().listener();
		if (listener != null) {
			listener.committed(end - start);
		}
	}

	private void write(Checkpoint checkpoint) {
		try {
			this.log.commit(checkpoint);
		}
		catch (CommitTimedOutException ex) {
			throw new CommitTimedOutException(
					ex.getMessage() + " It was the delivery before " + this.merge.start().origin() + ".", ex);
		}
	}

	/**
	 * Bring counters up to date, which is not done for each delivery.
	 */
	private void count(Checkpoint checkpoint) {
		this.counters.deliveries().add(this.delivered - this.committed);
		this.outputs.count();
		this.counters.tries(checkpoint);
	}

	private final class CommitWhileWaiting implements WhileWaiting {

		@Override
		public void commit() {
			if (isMoved() || LaneCommit.this.pacer.isForgettable()) {
				LaneCommit.this.commit();
			}
		}

		@Override
		public Duration commitDue(Duration atMost) {
			duringCall();
			return untilDue(atMost);
		}

	}

}
