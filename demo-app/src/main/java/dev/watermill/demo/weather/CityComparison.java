package dev.watermill.demo.weather;

import java.time.LocalDate;

/**
 * One day in both cities.
 *
 * @param date the day
 * @param seattle the weather in Seattle
 * @param newYork the weather in New York
 * @param warmerInNewYork by how many degrees Celsius New York was warmer
 */
record CityComparison(LocalDate date, String seattle, String newYork, double warmerInNewYork) {

}
