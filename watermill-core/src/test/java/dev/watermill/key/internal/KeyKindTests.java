package dev.watermill.key.internal;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeyKindTests {

	private static boolean compare(Class<?> left, Class<?> right) {
		boolean compare = KeyKind.ofType(left).comparesWith(KeyKind.ofType(right));
		assertThat(KeyKind.ofType(right).comparesWith(KeyKind.ofType(left))).isEqualTo(compare);
		return compare;
	}

	@Test
	void kindsCompareWithThemselves() {
		for (List<Class<?>> kind : List.<List<Class<?>>>of(
				List.of(int.class, Long.class, double.class, Float.class, BigDecimal.class, Number.class),
				List.of(String.class, char.class, Character.class, CharSequence.class, StringBuilder.class),
				List.of(Instant.class, OffsetDateTime.class, ZonedDateTime.class),
				List.of(boolean.class, Boolean.class), List.of(List.class, Collection.class), List.of(UUID.class),
				List.of(LocalDate.class), List.of(TimeUnit.class))) {
			for (Class<?> left : kind) {
				assertThat(KeyKind.ofType(left).isOrdered()).as(left.getName()).isTrue();
				for (Class<?> right : kind) {
					assertThat(compare(left, right)).as("%s and %s", left, right).isTrue();
				}
				assertThat(compare(left, Object.class)).isTrue();
				assertThat(compare(left, Comparable.class)).isTrue();
			}
		}
	}

	@Test
	void kindsDoNotCompareWithOthers() {
		List<Class<?>> kinds = List.of(long.class, String.class, Instant.class, boolean.class, List.class, UUID.class,
				LocalDate.class, TimeUnit.class);
		for (Class<?> left : kinds) {
			for (Class<?> right : kinds) {
				assertThat(compare(left, right)).as("%s and %s", left, right).isEqualTo(left == right);
			}
		}
	}

	@Test
	void whatHasNoOrderIsSeen() {
		assertThat(KeyKind.ofType(int[].class).isOrdered()).isFalse();
		assertThat(KeyKind.ofType(Thread.class).isOrdered()).isFalse();
		assertThat(KeyKind.ofType(Map.class).isOrdered()).as("known at run time only").isTrue();
	}

	@Test
	void kindsHaveNamesForPeople() {
		assertThat(KeyKind.ofType(int.class)).hasToString("a number");
		assertThat(KeyKind.ofType(String.class)).hasToString("a text");
		assertThat(KeyKind.ofType(UUID.class)).hasToString("a UUID");
	}

}
