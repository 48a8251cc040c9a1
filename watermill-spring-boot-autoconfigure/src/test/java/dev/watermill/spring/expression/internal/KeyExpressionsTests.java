package dev.watermill.spring.expression.internal;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class KeyExpressionsTests {

	@ParameterizedTest
	@ValueSource(strings = { "b", "s", "i", "l", "boxedInt", "boxedLong", "l + 10", "-i", "(l + 5) / 10",
			"items.size()", "name.length()", "position.x", "flag ? l : i", "5", "3000000000", "#floorDiv(l, 10)",
			"big + 1", "name.indexOf('m', 1)", "boxedInt ?: 0" })
	void wholeNumbersAreLongs(String expression) {
		assertThat(KeyExpressions.compile(expression, Sample.class)).isInstanceOf(KeyFunction.OfLong.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "f", "d", "boxedDouble", "boxedFloat", "l + 0.5", "decimal * 2", "-f", "position.y",
			"#floorMod(d, 10)", "5.5f" })
	void floatingPointNumbersAreDoubles(String expression) {
		assertThat(KeyExpressions.compile(expression, Sample.class)).isInstanceOf(KeyFunction.OfDouble.class);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			name                  | java.lang.String
			name + name           | java.lang.String
			name + any            | java.lang.String
			'text'                | java.lang.String
			c                     | java.lang.Character
			instant               | java.time.Instant
			date.plusDays(1)      | java.time.LocalDate
			color                 | dev.watermill.spring.expression.internal.Sample$Color
			decimal               | java.math.BigDecimal
			big                   | java.math.BigInteger
			number + 1            | java.lang.Number
			any - any             | java.lang.Number
			flag ? l : d          | java.lang.Number
			any + any             | java.lang.Object
			any                   | java.lang.Object
			map.x                 | java.lang.Object
			{i, l}                | java.util.List
			flag                  | java.lang.Boolean
			l > 5 and !flag       | java.lang.Boolean
			""")
	void otherKeysAreObjectsOfTheTypeThatIsKnown(String expression, Class<?> type) {
		KeyFunction<Sample> function = KeyExpressions.compile(expression, Sample.class);
		assertThat(function).isInstanceOf(KeyFunction.OfObject.class);
		assertThat(function.type()).isEqualTo(type);
	}

	@Test
	void describesTheKeyAsItWasWritten() {
		assertThat(KeyExpressions.compile(" l+ 3000000000", Sample.class).description()).isEqualTo(" l+ 3000000000");
	}

	@Test
	void keepsValuesThatNothingIsComputedWith() {
		assertThat(key("decimal")).isEqualTo(new BigDecimal("1.10"));
		assertThat(key("big")).isEqualTo(10L);
		assertThat(key("instant")).isEqualTo(Instant.ofEpochMilli(1_234_567));
		assertThat(key("{name, {b, f}}")).isEqualTo(List.of("watermill", List.of(7L, (double) 0.1f)));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			boxedInt                | 'boxedInt' is null
			boxedInt + 1            | 'boxedInt' is null in 'boxedInt + 1'
			1.5 * boxedDouble       | 'boxedDouble' is null in '1.5 * boxedDouble'
			position.x              | 'position' is null in 'position.x'
			map.x + 1               | 'map.x' is null in 'map.x + 1'
			name.length() - 1       | 'name' is null in 'name.length() - 1'
			any < 5                 | 'any' is null in 'any < 5'
			boxedFlag ? 1 : 2       | 'boxedFlag' is null in 'boxedFlag ? 1 : 2'
			-number                 | 'number' is null in '-number'
			""")
	void namesTheOperandThatIsNull(String expression, String message) {
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> evaluate(expression, Sample.NULLS))
			.withMessage(message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			l + 1                       | more than 64 bits: 9223372036854775807 + 1 in 'l + 1'
			-l - i                      | more than 64 bits: -9223372036854775807 - 2147483647 in '-l - i'
			l * 2                       | more than 64 bits: 9223372036854775807 * 2 in 'l * 2'
			l / (i - i)                 | division by zero: 9223372036854775807 / 0 in 'l / (i - i)'
			l % 0                       | division by zero: 9223372036854775807 % 0 in 'l % 0'
			#floorMod(i, 0)             | division by zero: #floorMod(2147483647, 0) in '#floorMod(i, 0)'
			(-l - 1) / -1               | more than 64 bits: -9223372036854775808 / -1 in '(-l - 1) / -1'
			-(-l - 1)                   | more than 64 bits: -(-9223372036854775808) in '-(-l - 1)'
			big + 1                     | more than 64 bits: 9223372036854775808 (BigInteger) in 'big + 1'
			any + 1                     | '+' needs numbers: text (String) + 1 (Long) in 'any + 1'
			any ? 1 : 2                 | 'any' is not a condition: text (String) in 'any ? 1 : 2'
			items[l]                    | 'items[l]' has no item 9223372036854775807, but 7 items in 'items[l]'
			""")
	void namesOperandsThatHaveNoResult(String expression, String message) {
		assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> evaluate(expression, Sample.LARGEST))
			.withMessage(message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			-9 / 10                        | 0
			-9 % 10                        | -9
			#floorDiv(-9, 10)              | -1
			#floorMod(-9, 10)              | 1
			i * 1000000000 * 100           | 1200000000000
			2147483647 + 1                 | 2147483648
			(1 > 0 ? i + 2147483647 : 0)   | 2147483659
			name.length() * 2147483647     | 19327352823
			items[0] * 2147483647          | 21474836470
			map['x'] * 2147483648          | 2147483648
			name.indexOf('m', i / 10)      | 5
			decimal.scale() + 1            | 3
			items.get(1) + items.size()    | 23
			items.size                     | 3
			2 + 3 * 4 - 10 / 5             | 12
			20 - 3 - 2                     | 15
			- 2 - -3                       | 1
			""")
	void wholeNumbersHave64BitsWhereverTheyStand(String expression, long expected) {
		assertThat(key(expression)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			l / 3.0                | 333.3333333333333
			f * 10                 | 1.0000000149011612
			decimal + 1            | 2.1
			i / 0.0                | Infinity
			#floorDiv(-7.5, 2)     | -4
			#floorMod(-7.5, 2)     | 0.5
			-boxedDouble           | -0.5
			""")
	void decimalOperandsMakeFloatingPoint(String expression, double expected) {
		assertThat(key(expression)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			name + '-' + c                         | watermill-q
			name.substring(0, 5)                   | water
			name.substring(l / 200).toUpperCase()  | MILL
			name[0]                                | w
			map['name'] + map.name                 | innerinner
			color.name()                           | GREEN
			any.toString()                         | 4
			nothing ?: name                        | watermill
			""")
	void textIsConcatenatedAndCalled(String expression, String expected) {
		assertThat(key(expression.replace("nothing", "map['nothing']"))).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			l == 1000.0                              | true
			9007199254740993 == 9007199254740992.0   | false
			9007199254740993 > 9007199254740992.0    | true
			decimal == 1.1                           | false
			boxedInt != null                         | true
			color == color and date >= date          | true
			flag or 1 / 0 == 1                       | true
			not (name < 'w')                         | true
			{i, name} < {i, 'x'}                     | true
			position?.next?.next == null             | true
			""")
	void conditionsCompareExactly(String expression, boolean expected) {
		assertThat(key(expression)).isEqualTo(expected);
	}

	private static Object key(String expression) {
		Outcome outcome = Outcome.of(expression, Sample.ORDINARY, Typing.STATIC);
		assertThat(Outcome.of(expression, Sample.ORDINARY, Typing.DYNAMIC)).isEqualTo(outcome);
		assertThat(outcome.failure()).isNull();
		return outcome.key();
	}

	private static void evaluate(String expression, Sample sample) {
		Outcome outcome = Outcome.of(expression, sample, Typing.STATIC);
		if (outcome.failure() != null) {
			throw outcome.failure();
		}
	}

}
