package dev.watermill.engine.internal;

import java.time.Duration;

import dev.watermill.engine.MillLiveness;
import org.jspecify.annotations.Nullable;

/**
 * Whether a lane may work: it has a permit while it merges and calls the function, and
 * none while it commits or waits for anything else, when others work. Used by the lane's
 * thread.
 */
final class LanePermit {

	/** How long a lane that waits its turn says that it is well. */
	private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(1);

	private final Permits permits;

	private final LaneControl control;

	private Permits.@Nullable Ticket ticket;

	LanePermit(Permits permits, LaneControl control) {
		this.permits = permits;
		this.control = control;
	}

	/**
	 * Wait until the lane may work, if it may not. No time-out runs meanwhile.
	 * @param whileWaiting what is seen to meanwhile
	 */
	void take(WhileWaiting whileWaiting) {
		if (this.ticket != null) {
			return;
		}
		take(this.permits.ask(), whileWaiting);
	}

	private void take(Permits.Ticket asked, WhileWaiting whileWaiting) {
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

	private void await(Permits.Ticket asked, WhileWaiting whileWaiting) {
		boolean granted = false;
		while (!granted) {
			Duration wait = whileWaiting.commitDue(BETWEEN_SIGNS);
			this.control.steps().restsAs(MillLiveness.Activity.QUEUED);
			this.control.check(whileWaiting);
			try {
				granted = asked.await(wait.toNanos());
			}
			catch (InterruptedException ex) {
				this.control.interrupted();
			}
		}
		this.control.steps().becomes(MillLiveness.Activity.MERGING);
	}

	/**
	 * Do something without a permit: who had one has one again then.
	 * @param whileWaiting what is seen to while it waits for that
	 */
	void without(Runnable task, WhileWaiting whileWaiting) {
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
