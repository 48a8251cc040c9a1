package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.engine.MillLiveness;
import org.jspecify.annotations.Nullable;

/**
 * Whether a lane may work: it has a permit while it merges and calls the function, gives
 * it on after each commit if others wait, and has none while it waits itself. Used by the
 * lane's thread.
 */
final class LanePermit {

	/** How long a lane that waits its turn says that it is well. */
	private static final long BETWEEN_SIGNS = Duration.ofSeconds(1).toNanos();

	private final Permits permits;

	private final LaneControl control;

	private Permits.@Nullable Ticket ticket;

	LanePermit(Permits permits, LaneControl control) {
		this.permits = permits;
		this.control = control;
	}

	/**
	 * Wait until the lane may work, if it may not. No time-out runs meanwhile.
	 * @param whileWaiting what to do before waiting, and now and then while it lasts
	 */
	void take(Runnable whileWaiting) {
		if (this.ticket != null) {
			return;
		}
		take(this.permits.ask(), whileWaiting);
	}

	private void take(Permits.Ticket asked, Runnable whileWaiting) {
		try {
			if (!asked.isGranted()) {
				await(asked, whileWaiting);
			}
			this.ticket = asked;
		}
		finally {
			if (this.ticket == null) {
				this.permits.giveBack(asked);
			}
		}
	}

	private void await(Permits.Ticket asked, Runnable whileWaiting) {
		whileWaiting.run();
		boolean granted = false;
		while (!granted) {
			this.control.steps().restsAs(MillLiveness.Activity.QUEUED);
			this.control.check(whileWaiting);
			try {
				granted = asked.await(BETWEEN_SIGNS);
			}
			catch (InterruptedException ex) {
				this.control.interrupted();
			}
		}
		this.control.steps().becomes(MillLiveness.Activity.MERGING);
	}

	/**
	 * Give the permit on if others wait for one, and wait for the next turn.
	 * @return whether others had a turn
	 */
	boolean giveOn(Runnable whileWaiting) {
		Permits.Ticket had = this.ticket;
		if (had == null || !this.permits.isWanted()) {
			return false;
		}
		this.ticket = null;
		take(this.permits.exchange(had), whileWaiting);
		return true;
	}

	/**
	 * Do something without a permit: who had one has one again then.
	 * @param whileWaiting what to do before waiting for it, and now and then while it
	 * lasts
	 */
	void without(Runnable task, Runnable whileWaiting) {
		boolean had = giveBack();
		task.run();
		if (had) {
			take(whileWaiting);
		}
	}

	/**
	 * Work no more for now.
	 * @return whether the lane had a permit
	 */
	boolean giveBack() {
		Permits.Ticket had = this.ticket;
		if (had == null) {
			return false;
		}
		this.ticket = null;
		this.permits.giveBack(had);
		return true;
	}

}
