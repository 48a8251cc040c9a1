package dev.watermill.engine.internal;

import java.util.function.LongSupplier;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.join.internal.MergeJoin;

/**
 * Repeats the last commit as long as a lane has nothing to write yet, before a broker
 * forgets it: while streams are opened, and while a mill that had completed waits for
 * news. Used by the lane's thread.
 */
final class CommitRenewal {

	private final LaneControl control;

	private final CommitLog log;

	private final Commits.Resumption start;

	private final Completion completion;

	private final LaneCounters counters;

	private final CommitPacer pacer;

	private final MergeJoin merge;

	private final LongSupplier ticker;

	CommitRenewal(LaneControl control, CommitLog log, Commits.Resumption start, Completion completion,
			LaneCounters counters, CommitPacer pacer, MergeJoin merge, LongSupplier ticker) {
		this.control = control;
		this.log = log;
		this.start = start;
		this.completion = completion;
		this.counters = counters;
		this.pacer = pacer;
		this.merge = merge;
		this.ticker = ticker;
	}

	/**
	 * Commit again if it is time.
	 */
	void ifDue() {
		if (this.start.completed()) {
			if (this.pacer.isForgettable() || (this.merge.positions().hasMoved() && this.pacer.isOver())) {
				commitWithoutNews(this.start.from().run());
			}
		}
		else if (!this.start.fresh() && this.pacer.isForgettable()) {
			commit(this.start.from());
			this.pacer.committed(this.ticker.getAsLong());
		}
	}

	/**
	 * Commit that a lane has completed this run, too, since it found nothing new.
	 */
	void complete() {
		commitWithoutNews(this.start.run().number());
	}

	/**
	 * Commit where a mill stands that had completed and found nothing new since.
	 * @param run the run that it has completed
	 */
	private void commitWithoutNews(int run) {
		Checkpoint from = this.start.from();
		Checkpoint checkpoint = new Checkpoint(this.merge.positions().withoutNews(from), from.outputs(), true, run,
				from.lanes());
		commit(checkpoint);
		this.completion.before(checkpoint);
		this.merge.positions().committed(checkpoint);
		this.counters.committed(checkpoint);
		this.pacer.committed(this.ticker.getAsLong());
	}

	private void commit(Checkpoint checkpoint) {
		this.control.requireNotAborted();
		this.log.commit(checkpoint);
	}

}
