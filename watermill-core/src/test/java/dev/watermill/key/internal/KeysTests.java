package dev.watermill.key.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import dev.watermill.key.InvalidKeyException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class KeysTests {

	private static final long EXACT = 1L << 53;

	private static int compare(Object left, Object right) {
		return Integer.signum(Keys.compare(Keys.normalize(left), Keys.normalize(right)));
	}

	/** Assert that keys stand in ascending order, each group of equal ones in a list. */
	private static void assertAscending(Object[]... groups) {
		for (int i = 0; i < groups.length; i++) {
			for (int j = 0; j < groups.length; j++) {
				for (Object left : groups[i]) {
					for (Object right : groups[j]) {
						assertThat(compare(left, right)).as("%s with %s", left, right).isEqualTo(Integer.compare(i, j));
					}
				}
			}
		}
	}

	private static Object[] equal(Object... keys) {
		return keys;
	}

	@Test
	void numbersCompareByExactValue() {
		assertAscending(equal(Double.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY),
				equal(BigInteger.valueOf(Long.MIN_VALUE).subtract(BigInteger.ONE)),
				equal(Long.MIN_VALUE, (double) Long.MIN_VALUE, BigInteger.valueOf(Long.MIN_VALUE)), equal(-1.5, -1.5f),
				equal(-1, (short) -1, (byte) -1, -1L, -1.0, new BigDecimal("-1.000")),
				equal(0, -0.0, 0.0, -0.0f, BigDecimal.ZERO, new BigDecimal("0E+10"), BigInteger.ZERO),
				equal(Double.MIN_VALUE), equal(new BigDecimal("0.1")), equal(0.1), equal(0.1f),
				equal(1, 1.0, new BigDecimal("1.0"), new BigDecimal("1.00")), equal(EXACT - 1, (double) (EXACT - 1)),
				equal(EXACT, (double) EXACT, (float) EXACT), equal(EXACT + 1), equal(EXACT + 2, (double) (EXACT + 2)),
				equal(Long.MAX_VALUE - 1), equal(Long.MAX_VALUE),
				equal((double) Long.MAX_VALUE, BigInteger.ONE.shiftLeft(63)), equal(Double.MAX_VALUE),
				equal(Double.POSITIVE_INFINITY, Float.POSITIVE_INFINITY));
	}

	@Test
	void textComparesByCodePoint() {
		assertAscending(equal(""), equal("Z", 'Z', new StringBuilder("Z")), equal("a", 'a'), equal("a "), equal("aa"),
				equal("\uD7FF"), equal("\uD83D", '\uD83D'), equal("\uD83Da"), equal("\uD83D\uFF61"), equal("\uDE00"),
				equal("\uE000"), equal("\uFF61"), equal("\uFFFF"), equal("\uD83D\uDE00"), equal("\uD83D\uDE00\uFF61"),
				equal("\uD83D\uDE01"), equal("\uDBFF\uDFFF"));
	}

	@Test
	void textComparesAsItsBytesDo() {
		Random random = new Random(11);
		int[] points = { 'a', 'b', 0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFF61, 0xFFFF, 0x10000, 0x1F600,
				0x1F601, 0x10FFFF };
		for (int i = 0; i < 20_000; i++) {
			String left = text(random, points);
			String right = text(random, points);
			int bytes = Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8),
					right.getBytes(StandardCharsets.UTF_8));
			assertThat(compare(left, right)).as("%s with %s", left, right).isEqualTo(Integer.signum(bytes));
			assertThat(compare(List.of(left, 1), List.of(right, 1))).isEqualTo(Integer.signum(bytes));
		}
	}

	private static String text(Random random, int[] points) {
		StringBuilder text = new StringBuilder();
		for (int i = random.nextInt(4); i > 0; i--) {
			text.appendCodePoint(points[random.nextInt(points.length)]);
		}
		return text.toString();
	}

	@Test
	void timesCompareByInstant() {
		OffsetDateTime noon = OffsetDateTime.of(2024, 3, 31, 12, 0, 0, 0, ZoneOffset.UTC);
		assertAscending(equal(noon.minusNanos(1).toInstant()), equal(noon, noon.toInstant(),
				noon.withOffsetSameInstant(ZoneOffset.ofHours(9)), noon.atZoneSameInstant(ZoneId.of("Europe/Berlin"))),
				equal(noon.plusNanos(1)));
	}

	@Test
	void uuidsCompareUnsigned() {
		assertAscending(equal(new UUID(0, 0)), equal(new UUID(0, 1)), equal(new UUID(0, -1)), equal(new UUID(1, 0)),
				equal(new UUID(Long.MAX_VALUE, -1)), equal(new UUID(Long.MIN_VALUE, 0)), equal(new UUID(-1, -1)));
	}

	@Test
	void listsCompareElementByElement() {
		assertAscending(equal(List.of()), equal(List.of(1), List.of(1.0), Arrays.asList(1L)), equal(List.of(1, "")),
				equal(List.of(1, "a")), equal(List.of(1, "a", LocalDate.MIN)), equal(List.of(2)),
				equal(List.of(2, List.of(1))), equal(List.of(2, List.of(2))));
	}

	@Test
	void booleansEnumsAndDatesHaveTheirOrder() {
		assertAscending(equal(false), equal(true));
		assertAscending(equal(TimeUnit.NANOSECONDS), equal(TimeUnit.SECONDS), equal(TimeUnit.DAYS));
		assertAscending(equal(Body.FIRST), equal(Body.SECOND));
		assertAscending(equal(LocalDate.EPOCH), equal(LocalDate.EPOCH.plusDays(1)));
	}

	@Test
	void theOrderIsTotal() {
		Random random = new Random(7);
		List<Object> numbers = new ArrayList<>();
		for (int i = 0; i < 120; i++) {
			long near = EXACT + random.nextInt(7) - 3;
			Object number = switch (random.nextInt(6)) {
				case 0 -> random.nextBoolean() ? near : -near;
				case 1 -> (double) near;
				case 2 -> BigDecimal.valueOf(near).add(new BigDecimal(random.nextInt(3)).movePointLeft(1));
				case 3 -> (float) random.nextInt(3);
				case 4 -> Double.longBitsToDouble(random.nextLong() & ~(1L << 52));
				default -> random.nextInt(4) - 2;
			};
			numbers.add(number);
		}
		List<Object> keys = numbers.stream().map(Keys::normalize).toList();
		for (Object a : keys) {
			assertThat(Keys.compare(a, a)).isZero();
			for (Object b : keys) {
				int ab = Integer.signum(Keys.compare(a, b));
				assertThat(Integer.signum(Keys.compare(b, a))).isEqualTo(-ab);
				for (Object c : keys) {
					if (ab <= 0 && Keys.compare(b, c) <= 0) {
						assertThat(Keys.compare(a, c)).as("%s %s %s", a, b, c).isLessThanOrEqualTo(0);
					}
				}
			}
		}
	}

	@Test
	void normalFormsStayNormal() {
		for (Object key : List.of(1, 1.5f, 'c', new StringBuilder("s"), BigInteger.TWO.pow(70), List.of(1, 2f),
				OffsetDateTime.MAX.minusYears(1), UUID.randomUUID(), true, LocalDate.EPOCH)) {
			Object normal = Keys.normalize(key);
			assertThat(Keys.normalize(normal)).isEqualTo(normal);
		}
		assertThat(Keys.normalize((byte) 3)).isEqualTo(3L);
		assertThat(Keys.normalize(2f)).isEqualTo(2.0);
	}

	@Test
	void aListOfTheUserMayChangeLater() {
		List<Object> list = new ArrayList<>(List.of(1));
		Object normal = Keys.normalize(list);
		list.set(0, 2);
		assertThat(normal).isEqualTo(List.of(1L));
	}

	@Test
	void keysThatCanNotBeAreInvalid() {
		for (Object key : new Object[] { null, Double.NaN, Float.NaN, new Object(), new int[] { 1 },
				Arrays.asList(1, null), List.of(Double.NaN) }) {
			assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> Keys.normalize(key));
		}
	}

	@Test
	void keysOfDifferentKindsDoNotCompare() {
		Object[] kinds = { 1, "1", true, Instant.EPOCH, LocalDate.EPOCH, new UUID(0, 1), List.of(1), TimeUnit.DAYS,
				Body.FIRST };
		for (Object left : kinds) {
			for (Object right : kinds) {
				if (left != right) {
					assertThatExceptionOfType(Keys.IncomparableException.class).isThrownBy(() -> compare(left, right))
						.withMessageContaining("no common order");
				}
			}
		}
		assertThatExceptionOfType(Keys.IncomparableException.class).isThrownBy(() -> compare(List.of(1), List.of("1")));
		assertThatExceptionOfType(Keys.IncomparableException.class).isThrownBy(() -> compare(1, "1"))
			.withMessage("the keys 1 (a number) and \"1\" (a text) have no common order");
	}

	enum Body {

		FIRST {
		},

		SECOND {
		}

	}

}
