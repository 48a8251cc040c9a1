package dev.watermill.demo.weather;

import java.util.Map;

import dev.watermill.spring.JoinOn;
import dev.watermill.spring.WaterMillProcessor;

/**
 * Joins two cities by date.
 */
@WaterMillProcessor("city-comparison")
class CityComparer {

	CityComparison compare(SeattleWeather seattle, @JoinOn("date") Map<SeattleWeather, NewYorkWeather> newYork) {
		NewYorkWeather there = newYork.get(seattle);
		double difference = Math.round((there.tempMax() - seattle.tempMax()) * 10) / 10.0;
		return new CityComparison(seattle.date(), seattle.weather(), there.weather(), difference);
	}

}
