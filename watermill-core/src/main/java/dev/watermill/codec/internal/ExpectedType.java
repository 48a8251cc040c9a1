package dev.watermill.codec.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;

/**
 * Describes the JSON that a Java type is read from.
 */
final class ExpectedType {

	private static final int MOST_CONSTANTS = 10;

	private static final Set<Class<?>> WHOLE = Set.of(long.class, Long.class, int.class, Integer.class, short.class,
			Short.class, byte.class, Byte.class, BigInteger.class, OptionalLong.class, OptionalInt.class,
			AtomicLong.class, AtomicInteger.class);

	private static final Set<Class<?>> DECIMAL = Set.of(double.class, Double.class, float.class, Float.class,
			BigDecimal.class, Number.class, OptionalDouble.class);

	private static final Set<Class<?>> WIDEST = Set.of(long.class, Long.class, BigInteger.class, OptionalLong.class,
			AtomicLong.class);

	private static final Map<Class<?>, String> OTHERS = Map.ofEntries(Map.entry(boolean.class, "true or false"),
			Map.entry(Boolean.class, "true or false"), Map.entry(String.class, "a text"),
			Map.entry(Instant.class, "an instant such as \"2026-01-31T12:00:00Z\""),
			Map.entry(OffsetDateTime.class, "a time such as \"2026-01-31T12:00:00+01:00\""),
			Map.entry(ZonedDateTime.class, "a time such as \"2026-01-31T12:00:00+01:00\""),
			Map.entry(LocalDateTime.class, "a time such as \"2026-01-31T12:00:00\""),
			Map.entry(LocalDate.class, "a date such as \"2026-01-31\""),
			Map.entry(LocalTime.class, "a time of day such as \"12:00:00\""),
			Map.entry(Duration.class, "a duration such as \"PT1M\""), Map.entry(UUID.class, "a UUID"));

	private ExpectedType() {
	}

	static String describe(Class<?> type) {
		boolean plain = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)
				|| type == Object.class;
		return words(type) + (plain ? "" : " (`" + type.getSimpleName() + "`)");
	}

	private static String words(Class<?> type) {
		if (WHOLE.contains(type)) {
			return "a whole number";
		}
		if (DECIMAL.contains(type)) {
			return "a number";
		}
		String other = OTHERS.get(type);
		if (other != null) {
			return other;
		}
		if (type.isEnum()) {
			Object[] constants = type.getEnumConstants();
			return "one of " + Arrays.stream(constants)
				.limit(MOST_CONSTANTS)
				.map((constant) -> ((Enum<?>) constant).name())
				.collect(Collectors.joining(", ")) + ((constants.length > MOST_CONSTANTS) ? ", ..." : "");
		}
		if (type == byte[].class) {
			return "bytes in base64";
		}
		if (type.isArray() || Collection.class.isAssignableFrom(type)) {
			return "an array";
		}
		return (type.getName().startsWith("java.") && !Map.class.isAssignableFrom(type)) ? "a value" : "an object";
	}

	/**
	 * Say what can be done if the values are right and the type is not.
	 * @param type what was expected
	 * @param found what was found
	 * @return a sentence that follows a full stop, empty if there is nothing to say
	 */
	static String hint(Class<?> type, JsonNode found) {
		boolean whole = WHOLE.contains(type);
		if (found.isString() && isNumber(found.stringValue())) {
			String function = whole ? "#long" : (DECIMAL.contains(type) ? "#decimal" : instant(type));
			return function.isEmpty() ? "" : ". If such numbers are in quotes, declare the field String and use "
					+ function + "(...) in expressions";
		}
		if (whole && found.isNumber()) {
			boolean fraction = found.isFloatingPointNumber() && found.decimalValue().stripTrailingZeros().scale() > 0;
			if (fraction) {
				return ". Declare the field double or BigDecimal if it may have decimals";
			}
			return ", which does not fit" + ((type == BigInteger.class) ? ""
					: ". Declare the field " + (WIDEST.contains(type) ? "BigInteger" : "long"));
		}
		return "";
	}

	private static String instant(Class<?> type) {
		return (type == Instant.class || type == OffsetDateTime.class || type == ZonedDateTime.class) ? "#instant" : "";
	}

	private static boolean isNumber(String text) {
		try {
			return text.length() < 100 && new BigDecimal(text.strip()).signum() < 2;
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

}
