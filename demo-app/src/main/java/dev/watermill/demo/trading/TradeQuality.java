package dev.watermill.demo.trading;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How a trade compares with the quote before it.
 *
 * @param time when it was made
 * @param symbol what was traded
 * @param price at which price
 * @param exchange where the quote was from, {@code null} if there was none
 * @param verdict whether the price was inside the quote
 */
record TradeQuality(Instant time, String symbol, double price, @Nullable String exchange, Verdict verdict) {

	/**
	 * Where a price lies.
	 */
	enum Verdict {

		INSIDE, OUTSIDE, NO_QUOTE

	}

}
