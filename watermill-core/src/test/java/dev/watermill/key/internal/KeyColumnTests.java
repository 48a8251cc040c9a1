package dev.watermill.key.internal;

import java.util.List;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class KeyColumnTests {

	private static final KeyFunction<Object> LONG = KeyFunction.ofLong("long",
			(element) -> ((Number) element).longValue());

	private static final KeyFunction<Object> DOUBLE = KeyFunction.ofDouble("double",
			(element) -> ((Number) element).doubleValue());

	private static final KeyFunction<Object> OBJECT = KeyFunction.ofObject("object", Object.class,
			(element) -> element);

	private static KeyColumn column(KeyFunction<?> function, Object... elements) {
		KeyColumn column = KeyColumn.of(function, elements.length);
		for (int i = 0; i < elements.length; i++) {
			column.compute(i, elements[i]);
		}
		return column;
	}

	@Test
	void longsStayAsTheyAre() {
		KeyColumn column = column(LONG, Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE);
		assertThat(column.get(0)).isEqualTo(Long.MIN_VALUE);
		assertThat(column.primitive(3)).isEqualTo(Long.MAX_VALUE);
		assertThat(column.compareWithPrevious(1)).isPositive();
		assertThat(KeyColumn.encode(column.get(1))).isEqualTo(column.primitive(1));
	}

	@Test
	void columnsOfNumbersThatAreLargeEnoughAreReusable() {
		assertThat(column(LONG, 1, 2).isReusable(2)).isTrue();
		assertThat(column(DOUBLE, 1, 2).isReusable(0)).isTrue();
		assertThat(column(LONG, 1, 2).isReusable(3)).isFalse();
	}

	@Test
	void columnsThatHoldObjectsAreNotReusable() {
		assertThat(column(OBJECT, "a", "b").isReusable(2)).isFalse();
		assertThat(column(OBJECT, "a", "b").isReusable(0)).isFalse();
	}

	@Test
	void doublesAreEncodedInTheirOrder() {
		Object[] ascending = { Double.NEGATIVE_INFINITY, -Double.MAX_VALUE, -1.5, -1.0, -Double.MIN_VALUE, 0.0,
				Double.MIN_VALUE, 1.0, 1.5, Double.MAX_VALUE, Double.POSITIVE_INFINITY };
		KeyColumn column = column(DOUBLE, ascending);
		for (int i = 0; i < ascending.length; i++) {
			assertThat(column.get(i)).isEqualTo(ascending[i]);
			assertThat(KeyColumn.encode(column.get(i))).isEqualTo(column.primitive(i));
			if (i > 0) {
				assertThat(column.compareWithPrevious(i)).isPositive();
				assertThat(column.primitive(i)).isGreaterThan(column.primitive(i - 1));
			}
		}
	}

	@Test
	void theTwoZerosAreOneKey() {
		KeyColumn column = column(DOUBLE, 0.0, -0.0, 0.0);
		assertThat(column.compareWithPrevious(1)).isZero();
		assertThat(column.compareWithPrevious(2)).isZero();
		assertThat(KeyColumn.encode(-0.0)).isEqualTo(column.primitive(0));
	}

	@Test
	void objectsAreNormalized() {
		KeyColumn column = column(OBJECT, 1, 1.0, 2f);
		assertThat(column.get(0)).isEqualTo(1L);
		assertThat(column.compareWithPrevious(1)).isZero();
		assertThat(column.compareWithPrevious(2)).isPositive();
	}

	@Test
	void aPlaceCanBeComputedAgain() {
		KeyColumn column = column(OBJECT, "a", "b");
		column.compute(1, "c");
		assertThat(column.get(1)).isEqualTo("c");
	}

	@Test
	void invalidKeysAreRefused() {
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> column(DOUBLE, Double.NaN));
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> column(OBJECT, new Object()));
	}

	@Test
	void twoSidesOfOnePrimitiveKindCompareAsPrimitives() {
		assertThat(KeyColumn.isPrimitive(LONG, LONG)).isTrue();
		assertThat(KeyColumn.isPrimitive(DOUBLE, DOUBLE)).isTrue();
		for (List<KeyFunction<Object>> mixed : List.of(List.of(LONG, DOUBLE), List.of(DOUBLE, LONG),
				List.of(LONG, OBJECT), List.of(OBJECT, OBJECT))) {
			assertThat(KeyColumn.isPrimitive(mixed.get(0), mixed.get(1))).isFalse();
		}
	}

}
