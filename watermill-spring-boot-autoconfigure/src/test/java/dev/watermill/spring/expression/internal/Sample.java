package dev.watermill.spring.expression.internal;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * An element with a field of every type that operators know.
 */
record Sample(byte b, short s, int i, long l, float f, double d, boolean flag, char c, @Nullable Integer boxedInt,
		@Nullable Long boxedLong, @Nullable Double boxedDouble, @Nullable Float boxedFloat, @Nullable Boolean boxedFlag,
		@Nullable BigInteger big, @Nullable BigDecimal decimal, @Nullable Number number, @Nullable Object any,
		@Nullable String name, @Nullable Color color, @Nullable Instant instant, @Nullable LocalDate date,
		@Nullable Position position, List<Integer> items, Map<String, Object> map, long[] array) {

	static final Sample ORDINARY = new Sample((byte) 7, (short) -300, 12, 1000, 0.1f, 2.5, true, 'q', 5, 6L, 0.5, 0.25f,
			true, BigInteger.TEN, new BigDecimal("1.10"), 3, 4, "watermill", Color.GREEN,
			Instant.ofEpochMilli(1_234_567), LocalDate.of(2026, 1, 2), new Position(3, 4.5, new Position(9, 1.0, null)),
			List.of(10, 20, 30), Map.of("x", 1, "y", 2.5, "name", "inner"), new long[] { 5, 6 });

	static final Sample NULLS = new Sample((byte) 0, (short) 0, 0, 0, 0, 0, false, '0', null, null, null, null, null,
			null, null, null, null, null, null, null, null, null, List.of(), Map.of(), new long[0]);

	static final Sample SMALLEST = new Sample(Byte.MIN_VALUE, Short.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE,
			-Float.MAX_VALUE, Double.NEGATIVE_INFINITY, false, Character.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE,
			Double.NaN, Float.NaN, false, BigInteger.ONE.shiftLeft(63).negate(), new BigDecimal("-1e400"),
			Long.MIN_VALUE, BigInteger.ONE.shiftLeft(80).negate(), "", Color.RED, Instant.EPOCH, LocalDate.EPOCH,
			new Position(Integer.MIN_VALUE, null, null), List.of(-1), Map.of("x", Long.MIN_VALUE),
			new long[] { Long.MIN_VALUE });

	static final Sample LARGEST = new Sample(Byte.MAX_VALUE, Short.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE,
			Float.MAX_VALUE, Double.POSITIVE_INFINITY, true, Character.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE,
			-0.0, -0f, true, BigInteger.ONE.shiftLeft(63), new BigDecimal("9007199254740993"), new BigDecimal("0.5"),
			"text", "9", Color.GREEN, Instant.MAX, LocalDate.MAX, new Position(Integer.MAX_VALUE, Double.NaN, null),
			List.of(1, 2, 3, 4, 5, 6, 7), Map.of("x", BigInteger.TWO), new long[] { Long.MAX_VALUE, -1, 0 });

	static List<Sample> all() {
		return List.of(ORDINARY, NULLS, SMALLEST, LARGEST);
	}

	/**
	 * The same element as a map.
	 * @return a value for each component
	 */
	Map<String, @Nullable Object> toMap() {
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		for (RecordComponent component : Sample.class.getRecordComponents()) {
			ReflectionUtils.makeAccessible(component.getAccessor());
			values.put(component.getName(), ReflectionUtils.invokeMethod(component.getAccessor(), this));
		}
		return values;
	}

	@Override
	public String toString() {
		return (this == ORDINARY) ? "ORDINARY"
				: ((this == NULLS) ? "NULLS" : ((this == SMALLEST) ? "SMALLEST" : "LARGEST"));
	}

	enum Color {

		RED, GREEN

	}

	record Position(int x, @Nullable Double y, @Nullable Position next) {

	}

}
