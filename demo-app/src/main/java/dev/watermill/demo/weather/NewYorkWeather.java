package dev.watermill.demo.weather;

import java.time.LocalDate;

/**
 * A day in New York.
 *
 * @param date the day
 * @param tempMax the highest temperature, in degrees Celsius
 * @param weather rain, sun and so on
 */
record NewYorkWeather(LocalDate date, double tempMax, String weather) {

}
