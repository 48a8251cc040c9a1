package dev.watermill.spring.expression.internal;

import java.util.Map;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One corpus of expressions over all samples, with types known at start and with types
 * known at run time only: both must come to the same.
 */
class TypingParityTests {

	private static final String[] OPERANDS = { "i", "l", "f", "d", "flag", "c", "boxedInt", "boxedDouble", "big",
			"decimal", "any", "name", "color", "instant", "position?.next?.x", "map.x", "0", "-1",
			"-9223372036854775808", "0.5", "'text'", "null", "position" };

	private static final String[] OPERATORS = { "+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "?:",
			"#floorDiv", "#floorMod" };

	private static final String[] SHAPES = { "l", "i * 10", "(l + 5) / 10", "l % 5 - -i", "{i, l}",
			"{i, {l, name}, color}", "{i, position}", "(l > 0 ? l : i)", "(l > 0 ? l + 1 : d) / 2",
			"(flag ? boxedInt : l)", "(boxedFlag ? 1 : 'x')", "(flag ? boxedInt : null) ?: -1", "boxedInt ?: l",
			"name ?: 'none'", "name ?: 5", "position?.x ?: 0", "position?.next?.y ?: 0.0", "position.next.next.x",
			"name.length()", "name.length", "name.length() * 1000000000 * 1000000000 * 1000000000",
			"name.substring(0, 3)", "name.substring(l / 500)", "name.substring(i / 4, i / 4 + 2)", "name.charAt(0)",
			"name.indexOf('m')", "name.indexOf('m', i - 10) + i", "name.concat(name)", "name?.length()",
			"name?.substring(1)", "name.toUpperCase() + '-' + c", "instant.toEpochMilli() / 1000",
			"instant.plusSeconds(60)", "instant.epochSecond + l", "date.plusDays(i)", "date.dayOfYear", "color.name()",
			"color.ordinal() + 1", "color.name() == 'RED'", "items[i - 11]", "items[0] + items[1]", "items[i]",
			"items.size()", "items.size() - 1", "items.get(0)", "items.contains(20)", "items.empty", "map.size()",
			"map.x * 2", "map['x'] + map['y']", "map.name.length()", "map[name]", "map['no']", "array[i - 11]",
			"array[array.length]", "name[0]", "name[0] + c", "decimal.scale()", "decimal.negate()",
			"decimal.intValue()", "big.bitLength()", "big.longValue() + 1", "boxedInt.toString()", "f.toString()",
			"boxedFloat.toString()", "any.toString()", "number.intValue()", "number.longValue() * 2", "!flag",
			"not boxedFlag", "!l", "flag and (l > 0 or d < 0)", "l > 0 ? (d > 0 ? 1 : 2) : 3", "d == f", "f == 0.1",
			"l == d", "l == l + 0.0", "decimal == 1.1", "decimal == 9007199254740992", "l < 9007199254740993.0",
			"boxedDouble != boxedDouble", "boxedInt == null", "null != name", "null == null", "name == 'watermill'",
			"c == 'q'", "color == color", "instant > instant", "date == instant", "position == position", "{i} == {i}",
			"items == {10, 20, 30}", "items < {10, 21}", "-l", "-i", "-b", "-f", "-boxedLong", "-big", "-decimal",
			"-any", "-name", "+l", "+decimal", "+name", "- (-l)", "-0.0", "-d / 0", "1 / 0", "(l > 0 ? 1 : 1 / 0)",
			"60 * 60 * 1000 + l", "3000000000 * i", "0xFFFFFFFF + i", "9223372036854775807 + 1",
			"-9223372036854775808 / -1", "#floorDiv(-9223372036854775808, -1)", "-9223372036854775808 % -1", "1 / 3",
			"1 / 3.0", "name + 1", "1 + name", "c + 1", "c + name", "'a' + 'b' + c", "nosuch", "position.nosuch",
			"name.nosuch()", "name.substring(d)", "name.substring()", "name.substring(0, 0, 0)", "name.valueOf(l)",
			"toString()", "color.declaringClass", "color.getDeclaringClass()", "items.stream().count()",
			"color.hashCode() * 0" };

	@ParameterizedTest
	@FieldSource("SHAPES")
	void computesTheSameWhenTypesAreKnownAtRunTimeOnly(String expression) {
		assertParity(expression);
		// A record has methods that a map has not
		if (!expression.startsWith("toString")) {
			Parity parity = new Parity(expression, ResolvableType.forClass(Sample.class), Typing.STATIC,
					ResolvableType.forClass(Map.class), Typing.STATIC);
			Sample.all().forEach((sample) -> parity.check(sample, sample.toMap()));
		}
	}

	@ParameterizedTest
	@FieldSource("OPERANDS")
	void operatorsComputeTheSameWhenTypesAreKnownAtRunTimeOnly(String left) {
		for (String operator : OPERATORS) {
			for (String right : OPERANDS) {
				assertParity((operator.startsWith("#")) ? operator + "(" + left + ", " + right + ")"
						: left + " " + operator + " " + right);
			}
		}
	}

	private void assertParity(String expression) {
		ResolvableType type = ResolvableType.forClass(Sample.class);
		Parity parity = new Parity(expression, type, Typing.STATIC, type, Typing.DYNAMIC);
		Sample.all().forEach((sample) -> parity.check(sample, sample));
	}

	private static final class Parity {

		private final String expression;

		private @Nullable KeyFunction<Object> typed;

		private final KeyFunction<Object> untyped;

		Parity(String expression, ResolvableType type, Typing typing, ResolvableType otherType, Typing otherTyping) {
			this.expression = expression;
			this.untyped = compileUntyped(expression, otherType, otherTyping);
			try {
				this.typed = KeyExpressions.compile(expression, type, typing);
			}
			catch (ExpressionException ex) {
				this.typed = null;
			}
		}

		private static KeyFunction<Object> compileUntyped(String expression, ResolvableType type, Typing typing) {
			try {
				return KeyExpressions.compile(expression, type, typing);
			}
			catch (ExpressionException ex) {
				return KeyFunction.ofObject(expression, Object.class, (element) -> {
					throw new InvalidKeyException(ex.getMessage());
				});
			}
		}

		void check(Sample sample, Object other) {
			if (this.typed != null) {
				assertThat(Outcome.of(this.untyped, other)).as("%s over %s", this.expression, sample)
					.isEqualTo(Outcome.of(this.typed, sample));
			}
			else if (sample == Sample.ORDINARY) {
				// Refused at start: then it fails for every element without null
				assertThat(Outcome.of(this.untyped, other).failure()).as("%s over %s", this.expression, sample)
					.isNotNull();
			}
		}

	}

}
