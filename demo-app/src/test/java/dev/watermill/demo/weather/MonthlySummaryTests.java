package dev.watermill.demo.weather;

import java.time.LocalDate;
import java.time.YearMonth;

import dev.watermill.spring.test.MillTester;
import dev.watermill.spring.test.WaterMillTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Windows by month.
 */
@WaterMillTest(MonthlySummary.class)
class MonthlySummaryTests {

	@Test
	void sumsUpEachMonth(@Autowired MillTester tester) {
		tester
			.given(SeattleWeather.class, day("2015-01-30", 8, 0), day("2015-01-31", 9, 2), day("2015-02-01", 7, 1),
					day("2016-02-01", 3, 1))
			.run();
		assertThat(tester.results(MonthlyWeather.class)).containsExactly(
				new MonthlyWeather(YearMonth.of(2015, 1), LocalDate.of(2015, 1, 31), 9, 1),
				new MonthlyWeather(YearMonth.of(2015, 2), LocalDate.of(2015, 2, 1), 7, 1),
				new MonthlyWeather(YearMonth.of(2016, 2), LocalDate.of(2016, 2, 1), 3, 1));
	}

	private static SeattleWeather day(String date, double tempMax, double precipitation) {
		return new SeattleWeather(LocalDate.parse(date), tempMax, precipitation, "rain");
	}

}
