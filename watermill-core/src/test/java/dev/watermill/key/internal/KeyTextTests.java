package dev.watermill.key.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeyTextTests {

	@Test
	void everyKindOfKeyComesBack() {
		for (Object key : List.of(0, Long.MIN_VALUE, Long.MAX_VALUE, -0.0, 0.1, Double.MIN_VALUE, Double.MAX_VALUE,
				Double.NEGATIVE_INFINITY, 1.5f, new BigDecimal("1.500"), new BigDecimal("1E+400"),
				BigInteger.TWO.pow(80), "", "text", "s: \"quoted\"\n\u0000", "\uD83D\uDE00", "\uD83D", true, false,
				Instant.EPOCH.plusNanos(1), Instant.MAX, Instant.MIN, new UUID(-1, 1), DayOfWeek.MONDAY,
				KeysTests.Body.SECOND, LocalDate.EPOCH, LocalDate.MAX, LocalDateTime.MIN, LocalTime.NOON,
				OffsetTime.MAX, Year.of(2024), YearMonth.of(2024, 2), List.of(), List.of(1, "a", List.of("b", "")),
				List.of(LocalDate.EPOCH, 2.5))) {
			Object normal = Keys.normalize(key);
			String text = KeyText.format(normal);
			assertThat(text).isNotEmpty();
			assertThat(KeyText.parse(text)).as(text).isEqualTo(normal);
		}
	}

	@Test
	void halfASurrogatePairSurvivesUtf8() {
		for (Object key : List.of("\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D", "\uD83D\uD83D\uDE00", '\uD83D',
				List.of(1, "\uD83D"), List.of(List.of("\uDE00", "?")), "\uD83D\uDE00", "?")) {
			Object normal = Keys.normalize(key);
			String written = new String(KeyText.format(normal).getBytes(StandardCharsets.UTF_8),
					StandardCharsets.UTF_8);
			assertThat(KeyText.parse(written)).as(written).isEqualTo(normal);
		}
	}

	@Test
	void noKeyHasNoText() {
		assertThat(KeyText.format(null)).isEmpty();
		assertThat(KeyText.parse("")).isNull();
	}

	@Test
	void keysOfTheUsersOwnHaveNoText() {
		assertThat(KeyText.format(new Version(1))).isEmpty();
		assertThat(KeyText.format(List.of(1L, new Version(1)))).isEmpty();
		assertThat(KeyText.format(ZoneOffset.UTC)).satisfiesAnyOf((text) -> assertThat(text).isEmpty(),
				(text) -> assertThat(KeyText.parse(text)).isNull());
	}

	@Test
	void aKeyOfAClassThatHasGoneIsNone() {
		assertThat(KeyText.parse("eno.such.Constant:A")).isNull();
		assertThat(KeyText.parse("ejava.time.DayOfWeek:NODAY")).isNull();
		assertThat(KeyText.parse("tjava.time.LocalDate:no date")).isNull();
		assertThat(KeyText.parse("?unknown")).isNull();
	}

	record Version(int number) implements Comparable<Version> {

		@Override
		public int compareTo(Version other) {
			return Integer.compare(this.number, other.number);
		}

	}

}
