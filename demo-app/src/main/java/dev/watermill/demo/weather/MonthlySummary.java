package dev.watermill.demo.weather;

import java.time.YearMonth;
import java.util.List;

import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;

/**
 * Sums up one city by month.
 */
@WaterMillProcessor("monthly-weather")
class MonthlySummary {

	MonthlyWeather summarize(@WindowBy("{date.year, date.monthValue}") List<SeattleWeather> month) {
		SeattleWeather warmest = month.get(0);
		int rainDays = 0;
		for (SeattleWeather day : month) {
			warmest = (day.tempMax() > warmest.tempMax()) ? day : warmest;
			rainDays += (day.precipitation() > 0) ? 1 : 0;
		}
		return new MonthlyWeather(YearMonth.from(warmest.date()), warmest.date(), warmest.tempMax(), rainDays);
	}

}
