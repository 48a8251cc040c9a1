package dev.watermill.spring.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The clock of the mills in a test, which stands still until it is advanced. What is
 * given to a stream after it was advanced comes to the mills then and not before, so that
 * windows by the clock are cut between.
 * <p>
 * A processing function that asks for a {@link Clock} can be given this one. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MillClock extends Clock {

	/**
	 * Where the clock stands when a test begins.
	 */
	public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private final ZoneId zone;

	private final Time time;

	MillClock() {
		this(ZoneOffset.UTC, new Time());
	}

	private MillClock(ZoneId zone, Time time) {
		this.zone = zone;
		this.time = time;
	}

	/**
	 * Advance the clock.
	 * @param duration by how much
	 * @return this clock
	 * @throws IllegalArgumentException if it is negative
	 */
	public MillClock advance(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("The clock can't go back by " + duration.negated());
		}
		this.time.told = this.time.told.plus(duration);
		this.time.now = this.time.told;
		return this;
	}

	@Override
	public ZoneId getZone() {
		return this.zone;
	}

	@Override
	public Clock withZone(ZoneId other) {
		return new MillClock(other, this.time);
	}

	@Override
	public Instant instant() {
		return START.plus(this.time.now);
	}

	/**
	 * What the test has advanced the clock by.
	 */
	Duration told() {
		return this.time.told;
	}

	long nanos() {
		return this.time.now.toNanos();
	}

	/**
	 * Go through the test's time once more.
	 */
	void rewind() {
		this.time.now = Duration.ZERO;
	}

	/**
	 * Go on to where something was given, if the clock is not there yet.
	 */
	void reach(Duration at) {
		if (at.compareTo(this.time.now) > 0) {
			this.time.now = at;
		}
	}

	void reachEnd() {
		reach(this.time.told);
	}

	void reset() {
		this.time.told = Duration.ZERO;
		this.time.now = Duration.ZERO;
	}

	private static final class Time {

		private volatile Duration told = Duration.ZERO;

		private volatile Duration now = Duration.ZERO;

	}

}
