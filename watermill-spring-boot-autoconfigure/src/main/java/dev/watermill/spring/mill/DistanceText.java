package dev.watermill.spring.mill;

import java.math.BigDecimal;

import dev.watermill.key.KeySpan;

import org.springframework.boot.convert.DurationStyle;

/**
 * Distances between keys, as users write them: a number or a duration.
 */
final class DistanceText {

	private DistanceText() {
	}

	/**
	 * Read a distance.
	 * @param text the text
	 * @throws IllegalArgumentException if it is none
	 */
	static KeySpan parse(String text) {
		String trimmed = text.trim();
		BigDecimal number;
		try {
			number = new BigDecimal(trimmed);
		}
		catch (NumberFormatException ex) {
			try {
				return KeySpan.of(DurationStyle.detectAndParse(trimmed));
			}
			catch (ArithmeticException tooLong) {
				throw new IllegalArgumentException(tooLong);
			}
		}
		return KeySpan.of(number);
	}

}
