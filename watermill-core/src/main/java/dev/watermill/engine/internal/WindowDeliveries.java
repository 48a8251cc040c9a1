package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.join.internal.MatchConsumer;
import dev.watermill.join.internal.MergeJoin;
import dev.watermill.window.internal.OpenWindows;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries of windows: each when it is due, before or behind a master element, on the
 * clock, or at the end.
 */
final class WindowDeliveries extends Deliveries implements MatchConsumer.OfAll {

	private final OpenWindows windows;

	private final MergeJoin merge;

	private final LaneCounters counters;

	private final LaneRetry retry;

	/**
	 * What was called and is not written, {@code null} if the function is synchronous.
	 */
	private final @Nullable Flights flights;

	/** Made once, since it is done for every element. */
	private final Runnable arrive;

	WindowDeliveries(LaneControl control, LaneCounters counters, MergeJoin merge, LaneCommit commit, DeliveryCall call,
			CurrentDelivery current, OpenWindows windows, LaneRetry retry, @Nullable Flights flights) {
		super(control, counters, merge, commit, call, current);
		this.windows = windows;
		this.merge = merge;
		this.counters = counters;
		this.retry = retry;
		this.flights = flights;
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
	void silent(boolean master) {
		boolean closes = this.windows.silent(master);
		// what is closed has to be written, or a restart would not know of it
		if (!deliverDue() || (closes && this.flights != null && !this.flights.settleAll(this::settled))) {
			throw StopSignal.ENDED;
		}
	}

	@Override
	Duration untilDue(Duration atMost) {
		Duration untilDue = this.windows.untilDue(atMost);
		return (this.flights != null) ? this.flights.untilLook(untilDue) : untilDue;
	}

	@Override
	void finish() {
		this.windows.end();
		if (deliverDue()) {
			settle();
		}
	}

	/**
	 * Deliver all windows that are due.
	 * @return whether to go on: otherwise the function ended the stream
	 */
	private boolean deliverDue() {
		boolean goesOn = this.flights == null || this.flights.settleDone(this::settled);
		boolean several = false;
		for (OpenWindows.Window due = this.windows.due(); goesOn && due != null; due = this.windows.due()) {
			if (several) {
				commit().ifDue();
			}
			several = true;
			// a window may be due while nothing comes
			permit().take(commit().whileWaiting());
			this.windows.take();
			if (this.flights != null) {
				goesOn = this.flights.launch(due, this::settled);
			}
			else {
				current().of(due);
				if (deliver()) {
					this.merge.windows().delivered(due.elements());
				}
				release(due);
				goesOn = !current().isEndRequested();
			}
		}
		return goesOn;
	}

	private void settled(OpenWindows.Window window, @Nullable GivenUp givenUp) {
		settle(window, givenUp);
		release(window);
	}

	private void release(OpenWindows.Window window) {
		this.windows.release(window);
		this.counters.windowSize(this.windows.size());
	}

	@Override
	void settle() {
		if (this.flights != null) {
			this.flights.settleAll(this::settled);
		}
	}

	@Override
	Stopped stop() {
		return (this.flights != null) ? this.flights.stop(this::settled) : super.stop();
	}

	@Override
	void cancel() {
		if (this.flights != null) {
			this.flights.cancel();
		}
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
								new DeliveryId(this.merge.current().position(), null), ProcessingException.Kind.WINDOW,
								false, ex));
			}
		}
	}

}
