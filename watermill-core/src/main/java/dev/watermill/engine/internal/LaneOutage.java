package dev.watermill.engine.internal;

import java.time.Clock;
import java.time.Duration;

import dev.watermill.engine.MillStatus.Outage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker or stream that a lane misses now, until something shows that it is there
 * again. Written by the lane's thread, readable by all.
 */
final class LaneOutage {

	private static final Logger logger = LoggerFactory.getLogger(LaneOutage.class);

	private final String mill;

	private final Clock clock;

	private volatile @Nullable Outage outage;

	/** What shows that it is over. */
	private End end = End.ANSWER;

	LaneOutage(String mill, Clock clock) {
		this.mill = mill;
		this.clock = clock;
	}

	@Nullable Outage get() {
		return this.outage;
	}

	/**
	 * How long it has been missed, {@code null} if nothing is.
	 */
	@Nullable Duration age() {
		Outage now = this.outage;
		return (now != null) ? Duration.between(now.since(), this.clock.instant()) : null;
	}

	/**
	 * Note that a lane begins which misses nothing yet.
	 */
	void clear() {
		this.outage = null;
		this.end = End.ANSWER;
	}

	/**
	 * Note that something does not answer.
	 */
	void begins(String what) {
		Outage before = this.outage;
		if (before == null || !what.equals(before.what())) {
			logger.warn("Mill '{}' waits for {}", this.mill, what);
		}
		this.outage = new Outage(what, (before != null) ? before.since() : this.clock.instant());
	}

	/**
	 * Note that what does not answer is needed at work, so that a run that begins again
	 * does not show yet that it is there.
	 */
	void lastsUntilCommit() {
		this.end = End.COMMIT;
	}

	/**
	 * Note that the stream that was missed answers.
	 */
	void answered() {
		Outage before = this.outage;
		if (before != null) {
			logger.info("Mill '{}' goes on. It waited for {}", this.mill, before.what());
		}
		this.outage = null;
	}

	/**
	 * Note that the lane pauses, and asks nobody meanwhile.
	 */
	void paused() {
		this.outage = null;
	}

	/**
	 * Note that a run has found where it goes on.
	 */
	void resumed() {
		if (this.end == End.ANSWER) {
			this.outage = null;
		}
	}

	void committed() {
		if (this.end == End.COMMIT) {
			this.end = End.ANSWER;
			answered();
		}
	}

	private enum End {

		ANSWER, COMMIT

	}

}
