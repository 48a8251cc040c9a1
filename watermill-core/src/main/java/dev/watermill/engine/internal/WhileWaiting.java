package dev.watermill.engine.internal;

import java.time.Duration;

/**
 * What a lane sees to while it waits for anything else than its function: that what it
 * has done is committed.
 */
@FunctionalInterface
interface WhileWaiting {

	/**
	 * Commit what there is, since nobody knows how long the lane is going to wait.
	 */
	void commit();

	/**
	 * Commit what is due, where the lane waits for what is sure to come.
	 * @return how long the next commit can wait, {@code atMost} or less
	 */
	default Duration commitDue(Duration atMost) {
		commit();
		return atMost;
	}

}
