package dev.watermill.key.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;

import dev.watermill.key.KeySpan;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class KeyDistanceTests {

	private static KeyDistance of(Number number) {
		return new KeyDistance(KeySpan.of(number));
	}

	private static KeyDistance of(Duration duration) {
		return new KeyDistance(KeySpan.of(duration));
	}

	@Test
	void boundsOfWholeNumbersAreExactAndSaturate() {
		assertThat(of(5).before(3L)).isEqualTo(-2);
		assertThat(of(5).behind(3L)).isEqualTo(8);
		assertThat(of(5).before(Long.MIN_VALUE + 4)).isEqualTo(Long.MIN_VALUE);
		assertThat(of(5).behind(Long.MAX_VALUE - 4)).isEqualTo(Long.MAX_VALUE);
		assertThat(of(Long.MAX_VALUE).before(Long.MAX_VALUE)).isZero();
		BigInteger all = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
		assertThat(of(all).before(Long.MAX_VALUE)).isEqualTo(Long.MIN_VALUE);
		assertThat(of(all.subtract(BigInteger.ONE)).before(Long.MAX_VALUE)).isEqualTo(Long.MIN_VALUE + 1);
		assertThat(of(new BigDecimal("1e30")).before(Long.MAX_VALUE)).isEqualTo(Long.MIN_VALUE);
		assertThat(of(1.5).before(10L)).isEqualTo(9);
	}

	@Test
	void distancesAreInclusive() {
		assertThat(of(5).covers(10L, 5L)).isTrue();
		assertThat(of(5).covers(10L, 15L)).isTrue();
		assertThat(of(5).covers(10L, 4L)).isFalse();
		assertThat(of(5).covers((Object) Long.MIN_VALUE, Long.MAX_VALUE)).isFalse();
		assertThat(of(5).reachesBack(10L, 5L)).isTrue();
		assertThat(of(5).reachesBack(10L, 4L)).isFalse();
		assertThat(of(5).reachesBack(10L, 40L)).isTrue();
		assertThat(of(5).reachesAhead(10L, 15L)).isTrue();
		assertThat(of(5).reachesAhead(10L, 16L)).isFalse();
	}

	@Test
	void decimalsAreExactAndFloatingPointIsDouble() {
		KeyDistance tenth = of(new BigDecimal("0.1"));
		assertThat(tenth.covers(new BigDecimal("0.3"), new BigDecimal("0.4"))).isTrue();
		assertThat(tenth.covers(new BigDecimal("0.3"), new BigDecimal("0.40000000000000000001"))).isFalse();
		// in doubles 0.4 - 0.3 is more than 0.1, but 0.3 + 0.1 is 0.4
		assertThat(tenth.covers(0.3, 0.4)).isEqualTo(Math.abs(0.4 - 0.3) <= 0.1);
		assertThat(tenth.reachesAhead((Object) 0.3, 0.4)).isEqualTo(0.4 <= 0.3 + 0.1);
		assertThat(of(1).covers(new BigDecimal("1e900000000"), 1L)).isFalse();
		assertThat(of(1).covers(2L, (Object) 3.0)).isTrue();
	}

	@Test
	void timesAreApartByDurations() {
		assertThat(of(Duration.ofSeconds(5)).covers(Instant.EPOCH, Instant.ofEpochSecond(5))).isTrue();
		assertThat(of(Duration.ofSeconds(5)).covers(Instant.EPOCH, Instant.ofEpochSecond(5, 1))).isFalse();
		assertThat(of(Duration.ofSeconds(5)).covers(Instant.MIN, Instant.MAX)).isFalse();
		assertThat(of(Duration.ofDays(2)).covers(LocalDate.EPOCH, LocalDate.EPOCH.plusDays(2))).isTrue();
		assertThat(of(Duration.ofDays(2)).covers(LocalDate.EPOCH, LocalDate.EPOCH.plusDays(3))).isFalse();
		LocalDateTime noon = LocalDate.EPOCH.atTime(12, 0);
		assertThat(of(Duration.ofHours(1)).covers(noon, noon.minusHours(1))).isTrue();
		assertThat(new KeyDistance(KeySpan.ZERO).covers(noon, noon)).isTrue();
		assertThat(new KeyDistance(KeySpan.ZERO).covers((Object) 1L, 1L)).isTrue();
	}

	@Test
	void numbersAreNoDistanceBetweenTimes() {
		assertThatExceptionOfType(Keys.IncomparableException.class)
			.isThrownBy(() -> of(5).covers(Instant.EPOCH, Instant.EPOCH))
			.withMessageContaining("a duration");
		assertThatExceptionOfType(Keys.IncomparableException.class)
			.isThrownBy(() -> of(Duration.ofSeconds(5)).covers((Object) 1L, 2L))
			.withMessageContaining("a number");
		assertThatExceptionOfType(Keys.IncomparableException.class).isThrownBy(() -> of(5).covers("a", "b"))
			.withMessageContaining("no distance");
	}

	@Test
	void theNearerOneIsFound() {
		assertThat(KeyDistance.compare((Object) 5L, 3L, 7L)).isZero();
		assertThat(KeyDistance.compare((Object) 5L, 4L, 7L)).isNegative();
		assertThat(KeyDistance.compare((Object) 5L, 2.0, 7L)).isPositive();
		assertThat(KeyDistance.compare(0L, Long.MIN_VALUE, Long.MAX_VALUE)).isPositive();
		assertThat(KeyDistance.compare(Instant.EPOCH, Instant.MIN, Instant.MAX)).isPositive();
		assertThat(KeyDistance.compare(new BigDecimal("0.5"), 0L, 1L)).isZero();
	}

	@Test
	void spansAreNotNegative() {
		assertThatIllegalArgumentException().isThrownBy(() -> KeySpan.of(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> KeySpan.of(Double.NaN));
		assertThatIllegalArgumentException().isThrownBy(() -> KeySpan.of(Duration.ofSeconds(-1)));
	}

	@Test
	void equalKeysHaveOneIdentity() {
		assertThat(Keys.identity(1L)).isEqualTo(Keys.identity(1.0)).isEqualTo(Keys.identity(new BigDecimal("1.00")));
		assertThat(Keys.identity(new BigDecimal(BigInteger.ONE.shiftLeft(100))))
			.isEqualTo(Keys.identity(Math.pow(2, 100)));
		assertThat(Keys.identity(0.5)).isEqualTo(Keys.identity(new BigDecimal("0.50")));
		assertThat(Keys.identity(-0.0)).isEqualTo(Keys.identity(0L));
		assertThat(Keys.identity(1L)).isNotEqualTo(Keys.identity("1"));
	}

}
