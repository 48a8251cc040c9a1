/**
 * Four years of daily weather: two cities joined by date, one city by month.
 */
package dev.watermill.demo.weather;
