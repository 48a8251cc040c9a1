package dev.watermill.demo.weather;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * A month of weather.
 *
 * @param month the month
 * @param warmestDay its warmest day, the first of several
 * @param tempMax how warm that was, in degrees Celsius
 * @param rainDays on how many days it rained
 */
record MonthlyWeather(YearMonth month, LocalDate warmestDay, double tempMax, int rainDays) {

}
