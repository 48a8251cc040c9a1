package dev.watermill.spring.expression.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Conversion}.
 */
class ConversionTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	/** Compute a key of a text on every path: typed, both ways, and untyped. */
	private static Stream<Object> keys(String expression, String text) {
		JsonNode node = JSON.valueToTree(Map.of("s", text));
		return Stream.of(key(expression, Text.class, Typing.STATIC, new Text(text)),
				key(expression, Text.class, Typing.DYNAMIC, new Text(text)),
				key(expression, JsonNode.class, Typing.STATIC, node),
				key(expression, Map.class, Typing.STATIC, new HashMap<>(Map.of("s", text))));
	}

	private static <T> Object key(String expression, Class<T> type, Typing typing, Object element) {
		KeyFunction<T> function = KeyExpressions.compile(expression, ResolvableType.forClass(type), typing);
		KeyColumn column = KeyColumn.of(function, 1);
		try {
			column.compute(0, element);
			return column.get(0);
		}
		catch (InvalidKeyException ex) {
			return "invalid: " + ex.getMessage();
		}
	}

	@ParameterizedTest
	@CsvSource({ "10, 10", "' 10 ', 10", "-3, -3", "+7, 7", "1.0, 1", "1e3, 1000", "007, 7",
			"9223372036854775807, 9223372036854775807", "-9223372036854775808, -9223372036854775808",
			"9007199254740993.000, 9007199254740993" })
	void aTextIsAWholeNumber(String text, long number) {
		assertThat(keys("#long(s)", text)).containsOnly(number);
		assertThat(keys("#long(s) / 1 * 1 + 0", text)).containsOnly(number);
	}

	@ParameterizedTest
	@CsvSource({ "''", "x", "1.5", "9223372036854775808", "1e19", "0x10", "1_000", "NaN", "1L", "1e999999999", "ten" })
	void whatIsNoWholeNumberMakesTheElementInvalid(String text) {
		assertThat(keys("#long(s)", text)).allSatisfy((key) -> assertThat(key).asString()
			.startsWith("invalid: #long expects a whole number of 64 bits, found " + text)
			.endsWith("in '#long(s)'"));
	}

	@Test
	void aTextIsADecimal() {
		assertThat(keys("#decimal(s)", "1.10"))
			.allSatisfy((key) -> assertThat(Keys.compare(key, new BigDecimal("1.1"))).isZero());
		assertThat(keys("#decimal(s)", "9007199254740993"))
			.allSatisfy((key) -> assertThat(Keys.compare(key, 9007199254740993L)).isZero());
		assertThat(keys("#decimal(s) * 2", "0.25")).containsOnly(0.5);
		assertThat(keys("#decimal(s)", "x"))
			.allSatisfy((key) -> assertThat(key).asString().startsWith("invalid: #decimal expects a number, found x"));
	}

	@ParameterizedTest
	@CsvSource({ "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-01-01T01:00:00+01:00[Europe/Paris]",
			"1767225600000", "2025-12-31T23:00:00.000-01:00", "1767225600000.0" })
	void aTextIsAnInstant(String text) {
		assertThat(keys("#instant(s)", text)).containsOnly(Instant.parse("2026-01-01T00:00:00Z"));
		assertThat(keys("#instant(s).toEpochMilli() / 1000", text)).containsOnly(1767225600L);
	}

	@ParameterizedTest
	@CsvSource({ "2026-01-01", "2026-01-01T00:00:00", "yesterday", "''", "1.5", "99999999999999999999" })
	void whatIsNoInstantMakesTheElementInvalid(String text) {
		assertThat(keys("#instant(s)", text)).allSatisfy((key) -> assertThat(key).asString()
			.startsWith(
					"invalid: #instant expects a time with its offset, or the milliseconds since 1970, found " + text));
	}

	@Test
	void theThingItselfIsTakenToo() {
		Things things = new Things(5, 6, 7.0, new BigDecimal("8.0"), BigInteger.TEN, Instant.EPOCH,
				OffsetDateTime.parse("1970-01-01T01:00:00+01:00"), ZonedDateTime.parse("1970-01-01T00:00:00Z"), null);
		Map<String, Object> expected = Map.of("#long(l)", 5L, "#long(i)", 6L, "#long(d)", 7L, "#long(decimal)", 8L,
				"#long(big)", 10L, "#instant(at)", Instant.EPOCH, "#instant(offset)", Instant.EPOCH, "#instant(zoned)",
				Instant.EPOCH, "#instant(l)", Instant.ofEpochMilli(5));
		expected.forEach((expression, key) -> {
			for (Typing typing : Typing.values()) {
				assertThat(key(expression, Things.class, typing, things)).as(expression).isEqualTo(key);
			}
		});
		assertThat(key("#long(nothing)", Things.class, Typing.STATIC, things)).asString().contains("'nothing' is null");
		assertThat(key("#long(n)", JsonNode.class, Typing.STATIC, JSON.readTree("{\"n\":12}"))).isEqualTo(12L);
		assertThat(key("#long(n)", JsonNode.class, Typing.STATIC, JSON.readTree("{\"n\":1.2e1}"))).isEqualTo(12L);
		assertThat(key("#long(n)", JsonNode.class, Typing.STATIC, JSON.readTree("{\"n\":true}"))).asString()
			.startsWith("invalid: #long expects");
		assertThat(key("#long(ts['$numberLong'])", JsonNode.class, Typing.STATIC,
				JSON.readTree("{\"ts\":{\"$numberLong\":\"5\"}}")))
			.isEqualTo(5L);
		assertThat(key("#instant(at['$date'])", JsonNode.class, Typing.STATIC,
				JSON.readTree("{\"at\":{\"$date\":\"1970-01-01T00:00:00Z\"}}")))
			.isEqualTo(Instant.EPOCH);
	}

	@Test
	void itsTypeIsKnownAtStart() {
		assertThat(KeyExpressions.compile("#long(s)", JsonNode.class).type()).isEqualTo(long.class);
		assertThat(KeyExpressions.compile("#decimal(s)", JsonNode.class).type()).isEqualTo(BigDecimal.class);
		assertThat(KeyExpressions.compile("#instant(s)", Map.class).type()).isEqualTo(Instant.class);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			takes one value. Write #long(text).                    | #long()
			takes one value                                        | #long(l, i)
			takes one value                                     | #decimal()
			takes one value                                     | #instant(l, l)
			is null, and #long makes                                     | #long(null)
			is a Boolean, and #long                                       | #long(l > 5)
			'at' is an Instant, and #long makes a whole number of 64 bits of a text or a number | #long(at)
			is a List                                                    | #decimal({1})
			is a Boolean                                                 | #instant(l > 5)
			'#long('abc')' has no value: expected a whole number of 64 bits | #long('abc')
			has no value                                                 | #instant('abc')
			it contains a function                                       | #Long(l)
			it contains a function                                       | #longs(l)
			it contains a variable                                       | #keys
			""")
	void refusesAtStartWhatCanNotBe(String problem, String expression) {
		assertThatExceptionOfType(ExpressionException.class)
			.isThrownBy(() -> KeyExpressions.compile(expression, Things.class))
			.withMessageContaining(problem);
	}

	record Text(String s) {

	}

	record Things(long l, int i, double d, BigDecimal decimal, BigInteger big, Instant at, OffsetDateTime offset,
			ZonedDateTime zoned, String nothing) {

	}

}
