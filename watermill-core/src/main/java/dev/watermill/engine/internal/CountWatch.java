package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees whether the streams of a mill at work have got more partitions: lanes are added
 * once all have equally many again. A partition that nobody reads is never silent, so
 * they must not be unequal for long. Used by one thread.
 */
final class CountWatch {

	private static final Logger logger = LoggerFactory.getLogger(CountWatch.class);

	private final MillPlan plan;

	private final LaneOutage outage;

	/** Whether no lane is here that would say itself what it misses. */
	private final BooleanSupplier alone;

	private final LaneCount start;

	private int lanes;

	private long lookedAt;

	private boolean away;

	private boolean unequal;

	private long unequalSince;

	CountWatch(MillPlan plan, LaneOutage outage, BooleanSupplier alone, LaneCount start) {
		this.plan = plan;
		this.outage = outage;
		this.alone = alone;
		this.start = start;
		this.lanes = start.lanes();
		this.lookedAt = System.nanoTime();
	}

	/**
	 * How long nobody has to look.
	 */
	Duration untilDue() {
		return this.plan.sharing().betweenLooks().minusNanos(System.nanoTime() - this.lookedAt);
	}

	boolean isDue() {
		return untilDue().compareTo(Duration.ZERO) <= 0;
	}

	/**
	 * Look, if it is time.
	 * @return whether there are to be more lanes than there were, for which the outputs
	 * have partitions
	 * @throws BrokerException if the streams have had unequal numbers for too long, or
	 * there is something new that would have to be merged
	 */
	boolean look() {
		if (!isDue()) {
			return false;
		}
		this.lookedAt = System.nanoTime();
		LaneCount found;
		String mismatch;
		try {
			found = LaneCount.of(this.plan);
			this.start.requireNoneNew(this.plan.name(), found);
			mismatch = found.mismatch();
			if (mismatch == null && found.lanes() > this.lanes) {
				mismatch = prepare(found.lanes());
			}
		}
		catch (BrokerUnavailableException ex) {
			if (this.alone.getAsBoolean()) {
				this.away = true;
				this.outage.begins(String.valueOf(ex.getMessage()));
			}
			return false;
		}
		if (this.away) {
			this.away = false;
			this.outage.answered();
		}
		if (mismatch != null) {
			unequal(mismatch);
			return false;
		}
		if (this.unequal) {
			this.unequal = false;
			this.outage.answered();
		}
		if (found.lanes() <= this.lanes) {
			// one that has fewer fails where it is read
			return false;
		}
		logger.info("Mill '{}' has {} lanes from now on, {} until now", this.plan.name(), found.lanes(), this.lanes);
		this.lanes = found.lanes();
		return true;
	}

	/**
	 * Let outputs have a partition for each lane.
	 * @return what is in the way, {@code null} if nothing is
	 */
	private @Nullable String prepare(int number) {
		try {
			this.plan.prepareOutputs(number);
			return null;
		}
		catch (BrokerUnavailableException ex) {
			throw ex;
		}
		catch (BrokerException ex) {
			// the lanes there are go on meanwhile
			return String.valueOf(ex.getMessage());
		}
	}

	private void unequal(String mismatch) {
		Duration patience = this.plan.sharing().unequalFor();
		if (!this.unequal) {
			this.unequal = true;
			this.unequalSince = this.lookedAt;
			this.outage.begins("equal numbers of partitions, or fails after " + patience + ": " + mismatch);
		}
		if (this.lookedAt - this.unequalSince >= patience.toNanos()) {
			throw new BrokerException(mismatch + " It has been so for " + patience
					+ ", and nobody reads the partitions that are too many.");
		}
	}

	/**
	 * How many lanes there are.
	 */
	int lanes() {
		return this.lanes;
	}

}
