package dev.watermill.demo.trading;

import java.time.Instant;

/**
 * What somebody would have bought and sold for at a time.
 *
 * @param time since when
 * @param symbol what is quoted
 * @param bid the price that buyers offer
 * @param ask the price that sellers ask
 * @param exchange where
 */
record Quote(Instant time, String symbol, double bid, double ask, String exchange) {

	boolean covers(double price) {
		return this.bid <= price && price <= this.ask;
	}

}
