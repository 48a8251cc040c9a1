package dev.watermill.key.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

import dev.watermill.key.KeySpan;

/**
 * How far times have to be from the first and the last one there is, so that what lies on
 * either side of them is a time as well. Immutable.
 *
 * @param seconds the distance
 */
record TimeMargin(long seconds) {

	static final TimeMargin NONE = new TimeMargin(0);

	/** Farther than the first instant is from the last one. */
	private static final long MOST = Long.MAX_VALUE / 4;

	private static final long FIRST_LOCAL = LocalDateTime.MIN.toEpochSecond(ZoneOffset.UTC);

	private static final long LAST_LOCAL = LocalDateTime.MAX.toEpochSecond(ZoneOffset.UTC);

	/**
	 * Return the margin for two spans one behind the other.
	 */
	static TimeMargin of(KeySpan first, KeySpan second) {
		return new TimeMargin(seconds(first) + seconds(second));
	}

	private static long seconds(KeySpan span) {
		Duration duration = span.duration();
		return (duration == null || duration.isZero()) ? 0 : Math.min(duration.getSeconds(), MOST) + 1;
	}

	/**
	 * Whether a key is far enough from both ends, or no time.
	 * @param key the normal form of the key
	 */
	boolean leaves(Object key) {
		if (key instanceof Instant instant) {
			return leaves(Instant.MIN.getEpochSecond(), instant.getEpochSecond(), Instant.MAX.getEpochSecond());
		}
		if (key instanceof LocalDateTime local) {
			return leaves(FIRST_LOCAL, local.toEpochSecond(ZoneOffset.UTC), LAST_LOCAL);
		}
		if (key instanceof LocalDate date) {
			return leaves(FIRST_LOCAL, date.toEpochDay() * Duration.ofDays(1).getSeconds(), LAST_LOCAL);
		}
		return true;
	}

	private boolean leaves(long first, long key, long last) {
		return key - first >= this.seconds && last - key >= this.seconds;
	}

}
