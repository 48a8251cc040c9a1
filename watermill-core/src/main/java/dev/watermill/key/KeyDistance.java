package dev.watermill.key;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * How far two keys of one stream may be from each other: in the units of keys that are
 * numbers, or a time for keys that are times. Never less than nothing.
 *
 * @since 0.1.0
 */
public sealed interface KeyDistance {

	/**
	 * Return a distance between keys that are numbers.
	 * @param number how far, in the units of the keys
	 * @return the distance
	 */
	static KeyDistance of(long number) {
		return new OfNumber(BigDecimal.valueOf(number));
	}

	/**
	 * Return a distance between keys that are numbers.
	 * @param number how far, in the units of the keys
	 * @return the distance
	 */
	static KeyDistance of(BigDecimal number) {
		return new OfNumber(number);
	}

	/**
	 * Return a distance between keys that are times: instants, local dates, local dates
	 * with a time.
	 * @param time how far
	 * @return the distance
	 */
	static KeyDistance of(Duration time) {
		return new OfTime(time);
	}

	private static void require(boolean isDistance, Object found) {
		if (!isDistance) {
			throw new IllegalArgumentException("A distance can't be less than 0, but it is " + found);
		}
	}

	/**
	 * A distance between numbers.
	 *
	 * @param number how far
	 */
	record OfNumber(BigDecimal number) implements KeyDistance {

		/**
		 * Create a distance.
		 */
		public OfNumber {
			KeyDistance.require(number.signum() >= 0, number);
		}

		@Override
		public String toString() {
			return this.number.toString();
		}

	}

	/**
	 * A distance between times.
	 *
	 * @param time how far
	 */
	record OfTime(Duration time) implements KeyDistance {

		/**
		 * Create a distance.
		 */
		public OfTime {
			KeyDistance.require(!time.isNegative(), time);
		}

		@Override
		public String toString() {
			return this.time.toString();
		}

	}

}
