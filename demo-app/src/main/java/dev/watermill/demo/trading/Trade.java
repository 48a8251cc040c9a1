package dev.watermill.demo.trading;

import java.time.Instant;

/**
 * A trade.
 *
 * @param time when it was made
 * @param symbol what was traded
 * @param price at which price
 * @param size how much of it
 */
record Trade(Instant time, String symbol, double price, int size) {

}
