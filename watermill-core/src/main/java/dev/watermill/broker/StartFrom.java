package dev.watermill.broker;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;

/**
 * Where a mill begins to read where no position exists.
 *
 * @since 0.1.0
 */
public sealed interface StartFrom {

	/**
	 * Read the text of a setting.
	 * @param text {@code earliest}, {@code latest}, or an instant such as
	 * {@code 2026-01-31T00:00:00Z}
	 * @return what it means
	 * @throws IllegalArgumentException if it means nothing
	 */
	static StartFrom parse(String text) {
		return switch (text.trim().toLowerCase(Locale.ROOT)) {
			case "earliest" -> new Earliest();
			case "latest" -> new Latest();
			default -> {
				try {
					yield new At(OffsetDateTime.parse(text.trim()).toInstant());
				}
				catch (DateTimeException ex) {
					throw new IllegalArgumentException("Expected earliest, latest or an instant such as "
							+ "2026-01-31T00:00:00Z, found '" + text + "'", ex);
				}
			}
		};
	}

	/**
	 * From the first element that is there.
	 */
	record Earliest() implements StartFrom {

	}

	/**
	 * From the first element that comes after the start.
	 */
	record Latest() implements StartFrom {

	}

	/**
	 * From the first element of this time or a later one.
	 *
	 * @param instant the time
	 */
	record At(Instant instant) implements StartFrom {

		private static final Instant FIRST = Instant.EPOCH;

		private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

		/**
		 * Check that the time is of the years from 1970 to 9999.
		 */
		public At {
			if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
				throw new IllegalArgumentException("Expected an instant of the years from 1970 to 9999, found "
						+ instant + ". Where all is to be read, say earliest.");
			}
		}

	}

}
