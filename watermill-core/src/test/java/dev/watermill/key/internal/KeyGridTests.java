package dev.watermill.key.internal;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class KeyGridTests {

	private static KeyGrid grid(long step, long offset) {
		return new KeyGrid(KeySpan.of(step), KeySpan.of(offset));
	}

	@Test
	void pointsOfWholeNumbersAreExactToTheirEnds() {
		assertThat(grid(10, 0).at(17L)).isEqualTo(10L);
		assertThat(grid(10, 0).at(20L)).isEqualTo(20L);
		assertThat(grid(10, 0).at(-1L)).isEqualTo(-10L);
		assertThat(grid(10, 3).at(12L)).isEqualTo(3L);
		assertThat(grid(10, 0).at(17L, KeySpan.of(10))).isEqualTo(0L);
		assertThat(grid(10, 0).next(20L)).isEqualTo(30L);
		assertThat((BigDecimal) grid(10, 0).at(Long.MIN_VALUE)).isEqualByComparingTo("-9223372036854775810");
		assertThat((BigDecimal) grid(10, 0).next(Long.MAX_VALUE / 10 * 10)).isEqualByComparingTo("9223372036854775810");
	}

	@Test
	void decimalsAndFloatingPointAreComparedByTheirExactValue() {
		KeyGrid tenths = new KeyGrid(KeySpan.of(new BigDecimal("0.1")), KeySpan.ZERO);
		assertThat(tenths.at(new BigDecimal("0.30"))).isEqualTo(new BigDecimal("0.3"));
		// what is written 0.3 is a little less
		assertThat(tenths.at(0.3)).isEqualTo(new BigDecimal("0.2"));
		assertThat(tenths.at(0.5)).isEqualTo(new BigDecimal("0.5"));
		assertThat((BigDecimal) tenths.at(1e300)).isEqualByComparingTo(new BigDecimal(1e300));
	}

	@Test
	void timesAreCountedFromTheEpochOfTheirOwn() {
		KeyGrid minutes = new KeyGrid(KeySpan.of(Duration.ofMinutes(5)), KeySpan.ZERO);
		assertThat(minutes.at(Instant.parse("2026-11-28T08:17:30.5Z")))
			.isEqualTo(Instant.parse("2026-11-28T08:15:00Z"));
		assertThat(minutes.at(Instant.parse("1969-12-31T23:59:59Z"))).isEqualTo(Instant.parse("1969-12-31T23:55:00Z"));
		assertThat(minutes.behind(LocalDateTime.parse("2026-11-28T08:15:00"), KeySpan.of(Duration.ofNanos(1))))
			.isEqualTo(LocalDateTime.parse("2026-11-28T08:15:00.000000001"));
		KeyGrid weeks = new KeyGrid(KeySpan.of(Duration.ofDays(7)), KeySpan.of(Duration.ofDays(4)));
		// a Monday
		assertThat(weeks.at(LocalDate.parse("2026-11-28"))).isEqualTo(LocalDate.parse("2026-11-23"));
	}

	@Test
	void keysWithoutAPlaceAreInvalid() {
		KeySpan step = KeySpan.of(10);
		KeyFunction<Object> checked = KeyGrid.checked(KeyFunction.ofObject("key", Object.class, (key) -> key), step,
				step);
		KeyFunction.OfObject<Object> object = (KeyFunction.OfObject<Object>) checked;
		assertThat(object.function().apply(5)).isEqualTo(5L);
		for (Object key : new Object[] { "text", Double.POSITIVE_INFINITY, new BigDecimal("1e20000"), Instant.EPOCH }) {
			assertThatExceptionOfType(InvalidKeyException.class).as(key.toString())
				.isThrownBy(() -> object.function().apply(key));
		}
		KeyFunction.OfRecord<Object> record = (KeyFunction.OfRecord<Object>) KeyGrid
			.checked(KeyFunction.ofRecord("#key", Object.class, Set.of(), (element, facts) -> element), step, step);
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> record.function().apply("text", null));
		KeyFunction.OfDouble<Double> floating = (KeyFunction.OfDouble<Double>) KeyGrid
			.checked(KeyFunction.<Double>ofDouble("key", (key) -> key), step, step);
		assertThat(floating.function().applyAsDouble(1.5)).isEqualTo(1.5);
		assertThatExceptionOfType(InvalidKeyException.class)
			.isThrownBy(() -> floating.function().applyAsDouble(Double.NEGATIVE_INFINITY));
	}

	@Test
	void timesWhoseWindowsWouldBeginOrEndBeyondAllTimesAreInvalid() {
		KeySpan size = KeySpan.of(Duration.ofDays(7));
		KeySpan step = KeySpan.of(Duration.ofDays(2));
		KeyGrid grid = new KeyGrid(step, KeySpan.ZERO);
		KeyFunction.OfObject<Object> checked = (KeyFunction.OfObject<Object>) KeyGrid
			.checked(KeyFunction.ofObject("key", Object.class, (key) -> key), size, step);
		List<Object> ends = List.of(Instant.MIN, Instant.MAX, LocalDateTime.MIN, LocalDateTime.MAX, LocalDate.MIN,
				LocalDate.MAX, Instant.MAX.minus(Duration.ofDays(6)), LocalDate.MIN.plusDays(8));
		for (Object end : ends) {
			assertThatExceptionOfType(InvalidKeyException.class).as(end.toString())
				.isThrownBy(() -> checked.function().apply(end))
				.withMessageContaining("windows");
		}
		for (Object inner : List.of(Instant.MIN.plus(Duration.ofDays(10)), Instant.MAX.minus(Duration.ofDays(10)),
				LocalDateTime.MIN.plusDays(10), LocalDateTime.MAX.minusDays(10), LocalDate.MIN.plusDays(10),
				LocalDate.MAX.minusDays(10))) {
			Object key = checked.function().apply(inner);
			Object first = grid.next(grid.at(key, size));
			assertThat(Keys.compare(first, key)).as(inner.toString()).isNotPositive();
			assertThat(Keys.compare(grid.behind(grid.at(key), size), key)).as(inner.toString()).isPositive();
		}
		// sessions only ask how far apart times are
		KeyFunction.OfObject<Object> session = (KeyFunction.OfObject<Object>) KeyGrid
			.checked(KeyFunction.ofObject("key", Object.class, (key) -> key), size, KeySpan.ZERO);
		assertThat(session.function().apply(Instant.MAX)).isEqualTo(Instant.MAX);
	}

	@Test
	void spansAreSuchAsKeysHaveBetweenThem() {
		Map<Class<?>, KeySpan> wrong = Map.of(Instant.class, KeySpan.of(5), Long.class,
				KeySpan.of(Duration.ofMinutes(5)), LocalDate.class, KeySpan.of(Duration.ofHours(36)), String.class,
				KeySpan.of(5));
		wrong.forEach((type, span) -> assertThatIllegalArgumentException().as(type.toString())
			.isThrownBy(() -> KeyGrid.require(KeyFunction.ofObject("key", type, (key) -> key), span)));
		KeyFunction<Object> untyped = KeyFunction.ofObject("key", Object.class, (key) -> key);
		KeyGrid.require(untyped, KeySpan.of(5), KeySpan.of(1), KeySpan.ZERO);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> KeyGrid.require(untyped, KeySpan.of(5), KeySpan.of(Duration.ofSeconds(1))))
			.withMessageContaining("durations");
	}

}
