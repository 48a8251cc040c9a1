/**
 * Trades, each beside the quote that held when it was made.
 */
package dev.watermill.demo.trading;
