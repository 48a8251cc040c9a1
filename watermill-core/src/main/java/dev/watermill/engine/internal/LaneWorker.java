package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import dev.watermill.engine.MillPhase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane at work on a thread, from when it is taken here until it ends: it stops if it is
 * told to, or is abandoned with all that it has not committed. Thread-safe.
 */
final class LaneWorker {

	private static final Logger logger = LoggerFactory.getLogger(LaneWorker.class);

	private final MillPlan plan;

	private final LaneTerms terms;

	private final LaneControl control;

	private final LaneCounters counters;

	/** Who worked on this lane here before, and may be in a call that does not end. */
	private volatile @Nullable LaneWorker former;

	private final CountDownLatch ended = new CountDownLatch(1);

	/** Who works, so that it can be interrupted; guarded by this. */
	private @Nullable Thread thread;

	LaneWorker(MillPlan plan, LaneTerms terms, LaneControl control, LaneCounters counters,
			@Nullable LaneWorker former) {
		this.plan = plan;
		this.terms = terms;
		this.control = control;
		this.counters = counters;
		this.former = former;
	}

	LaneTerms terms() {
		return this.terms;
	}

	LaneControl control() {
		return this.control;
	}

	boolean isAtWork() {
		return this.control.phase().isAtWork();
	}

	/**
	 * Work on a thread of the lane's own.
	 * @param loader of whoever built the mill, and so of those whose code it calls
	 */
	void start(@Nullable ClassLoader loader) {
		ThreadFactory factory = this.plan.sharing().threads();
		Thread created = (factory != null) ? factory.newThread(this::workOnOwnThread)
				: MillThreads.create(this::workOnOwnThread);
		created.setName(this.terms.lane().toString());
		created.setContextClassLoader(loader);
		created.start();
	}

	private void workOnOwnThread() {
		work(true);
	}

	/**
	 * Work on the calling thread.
	 * @param own whether it is one that was made for this
	 */
	void work(boolean own) {
		begins(Thread.currentThread());
		this.control.begins(own);
		MillPhase end = new MillPhase.Stopped();
		try {
			awaitFormer();
			end = new LaneRunner(this.plan.lane(this.terms.lane().lane()), this.terms, this.control, this.counters)
				.run();
			this.control.known().skips().publish();
		}
		catch (RuntimeException ex) {
			logger.error("Mill '{}' failed at lane {}: {}", this.plan.name(), this.terms.lane().lane(), ex.getMessage(),
					ex);
			end = new MillPhase.Failed(ex);
		}
		finally {
			begins(null);
			this.control.known().ends(end);
			this.ended.countDown();
		}
	}

	private synchronized void begins(@Nullable Thread worker) {
		this.thread = worker;
	}

	/**
	 * Two never work on one lane of an instance, though one of them may commit nothing.
	 */
	private void awaitFormer() {
		while (unfinishedFormer() != null && !this.control.isStopping()) {
			this.control.pauseFor(LaneWaiting.LONGEST);
		}
	}

	/**
	 * Who is still at work on this lane: this one, or who worked on it here before, if
	 * this one has ended without waiting for it.
	 * @return the worker, {@code null} if there is none
	 */
	@Nullable LaneWorker unfinished() {
		return hasEnded() ? unfinishedFormer() : this;
	}

	private @Nullable LaneWorker unfinishedFormer() {
		LaneWorker before = this.former;
		LaneWorker working = (before != null) ? before.unfinished() : null;
		this.former = working;
		return working;
	}

	/**
	 * Let it finish the delivery it is at, commit and end.
	 */
	void stop() {
		this.control.stop();
	}

	/**
	 * Have it commit nothing any more: its function is interrupted, unless that calls
	 * this itself, and whenever it returns it ends.
	 */
	synchronized void abandon() {
		this.control.abort();
		if (this.thread != null && !isCurrentThread()) {
			this.thread.interrupt();
		}
	}

	/**
	 * Whether it works on the calling thread.
	 */
	synchronized boolean isCurrentThread() {
		return this.thread == Thread.currentThread();
	}

	boolean hasEnded() {
		return this.ended.getCount() == 0;
	}

	/**
	 * Wait until it has ended.
	 * @return whether it has
	 */
	boolean awaitEnd(Duration timeout) throws InterruptedException {
		return this.ended.await(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
	}

}
