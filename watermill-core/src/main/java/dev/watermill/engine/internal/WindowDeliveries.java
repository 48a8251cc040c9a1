package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.join.internal.MatchConsumer;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.window.internal.OpenWindows;

/**
 * Deliveries of windows: each when it is due, before or behind a master element, on the
 * clock, or at the end.
 */
final class WindowDeliveries extends Deliveries implements MatchConsumer.OfAll {

	private final OpenWindows windows;

	private final MergeJoin merge;

	private final LaneCounters counters;

	private final LaneRetry retry;

	/** Made once, since it is done for every element. */
	private final Runnable arrive;

	WindowDeliveries(LaneControl control, LaneCounters counters, MergeJoin merge, LaneCommit commit, DeliveryCall call,
			CurrentDelivery current, OpenWindows windows, LaneRetry retry) {
		super(control, counters, merge, commit, call, current);
		this.windows = windows;
		this.merge = merge;
		this.counters = counters;
		this.retry = retry;
		this.arrive = windows::arrived;
	}

	@Override
	public boolean arrived() {
		check();
		repeatedly(this.arrive);
		if (!deliverDue()) {
			return false;
		}
		commit().ifDue();
		return true;
	}

	@Override
	public boolean matched() {
		this.windows.add();
		this.counters.windowSize(this.windows.size());
		return deliverDue();
	}

	@Override
	void waited(boolean pollTimedOut) {
		repeatedly(() -> this.windows.waited(pollTimedOut));
		if (!deliverDue()) {
			throw StopSignal.ENDED;
		}
	}

	@Override
	Duration untilDue(Duration atMost) {
		return this.windows.untilDue(atMost);
	}

	@Override
	void finish() {
		this.windows.end();
		deliverDue();
	}

	/**
	 * Deliver all windows that are due.
	 * @return whether to go on: otherwise the function ended the stream
	 */
	private boolean deliverDue() {
		boolean several = false;
		for (OpenWindows.Window due = this.windows.due(); due != null; due = this.windows.due()) {
			if (several) {
				commit().ifDue();
			}
			several = true;
			// a window may be due while nothing comes
			permit().take(commit().whileWaiting());
			current().of(due);
			if (deliver()) {
				this.merge.delivered(due.elements());
			}
			this.windows.release(due);
			this.counters.windowSize(this.windows.size());
			if (current().isEndRequested()) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Ask a window function, as often as it takes.
	 */
	private void repeatedly(Runnable step) {
		while (true) {
			try {
				step.run();
				return;
			}
			catch (Throwable ex) {
				this.retry.decide(current(),
						new ProcessingException(current().mill(),
								"the window function failed at " + this.merge.current().origin(),
								this.merge.current().position(), ProcessingException.Kind.WINDOW, false, ex));
			}
		}
	}

}
