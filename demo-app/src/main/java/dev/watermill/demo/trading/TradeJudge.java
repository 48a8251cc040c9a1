package dev.watermill.demo.trading;

import java.util.Optional;

import dev.watermill.demo.trading.TradeQuality.Verdict;
import dev.watermill.spring.AsOf;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.WaterMillProcessor;

/**
 * Joins each trade with the last quote of its symbol that is no older than two seconds,
 * from whichever exchange. A trade without one is judged, too, as soon as it is known
 * that there is none.
 */
@WaterMillProcessor("trade-quality")
class TradeJudge {

	TradeQuality judge(Trade trade, @JoinOn("time") @AsOf(by = "symbol", tolerance = "2s") Optional<Quote> quote) {
		Verdict verdict = quote.map((found) -> found.covers(trade.price()) ? Verdict.INSIDE : Verdict.OUTSIDE)
			.orElse(Verdict.NO_QUOTE);
		return new TradeQuality(trade.time(), trade.symbol(), trade.price(), quote.map(Quote::exchange).orElse(null),
				verdict);
	}

}
