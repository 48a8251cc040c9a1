package dev.watermill.demo.trading;

import java.time.Instant;

import dev.watermill.demo.trading.TradeQuality.Verdict;
import dev.watermill.spring.test.MillTester;
import dev.watermill.spring.test.WaterMillTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * An as-of join whose matches may lack.
 */
@WaterMillTest(TradeJudge.class)
class TradeJudgeTests {

	private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

	@Test
	void takesTheLastQuoteOfTheSymbolThatIsNotTooOld(@Autowired MillTester tester) {
		tester
			.given(Quote.class, new Quote(NOON, "ACME", 9, 11, "north"),
					new Quote(NOON.plusSeconds(1), "ACME", 10, 12, "south"))
			.given(Trade.class, new Trade(NOON, "ACME", 10, 100), new Trade(NOON.plusSeconds(2), "ACME", 13, 100),
					new Trade(NOON.plusSeconds(3), "OTHER", 10, 100), new Trade(NOON.plusSeconds(4), "ACME", 11, 100))
			.run();
		assertThat(tester.results(TradeQuality.class)).extracting(TradeQuality::exchange, TradeQuality::verdict)
			.containsExactly(tuple("north", Verdict.INSIDE), tuple("south", Verdict.OUTSIDE),
					tuple(null, Verdict.NO_QUOTE), tuple(null, Verdict.NO_QUOTE));
		tester.crashEverywhere();
	}

}
