package dev.watermill.broker;

import java.time.Clock;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names of sessions: each start of a mill has one, on whatever machine. They are in the
 * order of the starts as far as the clocks of the machines agree, which counts where
 * nothing but the names can tell which of two is younger. Short, since they are part of
 * every commit.
 */
final class SessionId {

	private static final int RADIX = 36;

	/** The same length until the year 5188, so that texts compare as their times do. */
	private static final int TIME_LENGTH = 9;

	private SessionId() {
	}

	static String next(Clock clock) {
		String time = Long.toString(clock.millis(), RADIX);
		return "0".repeat(Math.max(0, TIME_LENGTH - time.length())) + time + "-"
				+ HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
	}

}
