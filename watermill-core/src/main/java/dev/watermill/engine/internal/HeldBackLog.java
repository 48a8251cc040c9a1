package dev.watermill.engine.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import dev.watermill.broker.LaneId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log what has held back for a while what is there already, and again as long
 * as it does. Used by the lane's thread.
 */
final class HeldBackLog {

	private static final Logger logger = LoggerFactory.getLogger(HeldBackLog.class);

	private static final Duration FIRST = Duration.ofSeconds(10);

	private static final Duration NEXT = Duration.ofMinutes(5);

	private final LaneId lane;

	private final Clock clock;

	private @Nullable String by;

	private Instant since = Instant.MIN;

	private Instant due = Instant.MAX;

	HeldBackLog(LaneId lane, Clock clock) {
		this.lane = lane;
		this.clock = clock;
	}

	/**
	 * Take note that nothing came while the lane waited.
	 * @param heldBackBy what holds back what is there, {@code null} if nothing does
	 */
	void waited(@Nullable String heldBackBy) {
		if (heldBackBy == null) {
			this.by = null;
			return;
		}
		Instant now = this.clock.instant();
		if (!heldBackBy.equals(this.by)) {
			this.by = heldBackBy;
			this.since = now;
			this.due = now.plus(FIRST);
		}
		else if (!now.isBefore(this.due)) {
			this.due = now.plus(NEXT);
			logger.warn(
					"Mill '{}' (lane {}) has waited for {} for {} s, which is silent: it holds back what has come to "
							+ "the other partitions, since nobody knows which keys come next",
					this.lane.mill(), this.lane.lane(), heldBackBy, Duration.between(this.since, now).toSeconds());
		}
	}

}
