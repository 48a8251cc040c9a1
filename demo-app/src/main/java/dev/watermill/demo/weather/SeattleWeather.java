package dev.watermill.demo.weather;

import java.time.LocalDate;

/**
 * A day in Seattle. Lists just what the mills here use; the file has more.
 *
 * @param date the day
 * @param tempMax the highest temperature, in degrees Celsius
 * @param precipitation in millimetres
 * @param weather rain, sun and so on
 */
record SeattleWeather(LocalDate date, double tempMax, double precipitation, String weather) {

}
