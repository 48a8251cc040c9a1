package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Knows when a commit is due, without reading the clock for every element: while elements
 * take less than a microsecond or so, it does so for every 64th only.
 */
final class CommitPacer {

	private static final int MOST_UNCHECKED = 64;

	/** After that a commit is repeated, before a broker forgets it. */
	static final Duration FORGETTABLE = Duration.ofDays(1);

	private static final long LEAST_WAIT = Duration.ofMillis(1).toNanos();

	private static final Duration LONGEST_UNWATCHED = Duration.ofSeconds(1);

	private final long interval;

	/** After elements that took longer than this, the clock is read for each. */
	private final long slow;

	private final @Nullable Duration duringCalls;

	private final BooleanSupplier full;

	private final LongSupplier ticker;

	private long lastCommit;

	private long lastCheck;

	private int unchecked = 1;

	private int left = 1;

	/**
	 * Create a pacer.
	 * @param wished how long results may wait for their commit
	 * @param timeLimit how long they can before they are lost, {@code null} if for ever
	 * @param full tells whether so much was written that it is to be committed
	 * @param ticker the clock, in nanoseconds
	 */
	CommitPacer(Duration wished, @Nullable Duration timeLimit, BooleanSupplier full, LongSupplier ticker) {
		this.full = full;
		Duration interval = (timeLimit != null) ? Durations.shorter(timeLimit.dividedBy(3), wished) : wished;
		this.duringCalls = (timeLimit != null)
				? Durations.shorter(Durations.shorter(interval, timeLimit.dividedBy(10)), LONGEST_UNWATCHED) : null;
		this.interval = interval.toNanos();
		this.slow = this.interval / MOST_UNCHECKED;
		this.ticker = ticker;
		this.lastCommit = ticker.getAsLong();
		this.lastCheck = this.lastCommit;
	}

	/**
	 * How often it is to be seen during a call whether a commit is due.
	 * @return the duration, {@code null} if a call may take as long as it likes
	 */
	@Nullable Duration duringCalls() {
		return this.duringCalls;
	}

	/**
	 * Count an element.
	 * @return whether a commit is due
	 */
	boolean isDue() {
		if (--this.left > 0) {
			return false;
		}
		long now = this.ticker.getAsLong();
		this.unchecked = (now - this.lastCheck > this.slow) ? 1 : Math.min(this.unchecked * 2, MOST_UNCHECKED);
		this.left = this.unchecked;
		this.lastCheck = now;
		return now - this.lastCommit >= this.interval || this.full.getAsBoolean();
	}

	/**
	 * How many elements may pass before they are counted.
	 * @return the number, less than it takes to read the clock
	 */
	int granted() {
		return this.left - 1;
	}

	/**
	 * Count elements that were granted.
	 */
	void passed(int count) {
		this.left -= count;
	}

	/**
	 * Read the clock now.
	 * @return whether a commit is due
	 */
	boolean isOver() {
		return this.ticker.getAsLong() - this.lastCommit >= this.interval;
	}

	/**
	 * Let a commit be due when the next element is counted.
	 */
	void hasten() {
		this.left = 1;
		this.lastCommit = this.ticker.getAsLong() - this.interval;
	}

	/**
	 * How long it is until a commit is due.
	 * @return the duration, {@code atMost} or less
	 */
	Duration untilOver(Duration atMost) {
		long left = this.interval - (this.ticker.getAsLong() - this.lastCommit);
		return (left < atMost.toNanos()) ? Duration.ofNanos(Math.max(left, LEAST_WAIT)) : atMost;
	}

	/**
	 * Whether the last commit is so long ago that a broker might soon forget it, which
	 * some do a week after it although the mill runs.
	 * @return whether it is to be repeated, changed or not
	 */
	boolean isForgettable() {
		return this.ticker.getAsLong() - this.lastCommit >= FORGETTABLE.toNanos();
	}

	void committed(long now) {
		this.lastCommit = now;
	}

}
