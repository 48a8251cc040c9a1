package dev.watermill.spring.expression.internal;

import java.util.function.Function;

import dev.watermill.key.internal.KeyWords;
import dev.watermill.spring.expression.internal.Operand.OfObject;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * Compiles arithmetic, and the concatenation of texts.
 */
final class ArithmeticOperators {

	private final Scope scope;

	private final WholeNumbers wholeNumbers;

	private final DecimalNumbers decimalNumbers;

	private final UntypedNumbers untypedNumbers;

	ArithmeticOperators(Scope scope, WholeNumbers wholeNumbers, DecimalNumbers decimalNumbers) {
		this.scope = scope;
		this.wholeNumbers = wholeNumbers;
		this.decimalNumbers = decimalNumbers;
		this.untypedNumbers = new UntypedNumbers(scope);
	}

	Operand compute(Arithmetic operator, Operand left, Operand right, String text) {
		OperandKind first = OperandKind.of(left.type());
		OperandKind second = OperandKind.of(right.type());
		check(operator, left, first, second);
		check(operator, right, second, first);
		if (first == OperandKind.WHOLE && second == OperandKind.WHOLE) {
			return this.wholeNumbers.compute(operator, left, right, text);
		}
		if (first.isNumber() && second.isNumber()) {
			return this.decimalNumbers.compute(operator, left, right, text);
		}
		Function<Object, @Nullable Object> leftFunction = left.boxed().function();
		Function<Object, @Nullable Object> rightFunction = right.boxed().function();
		return new OfObject(text, ResolvableType.forClass(resultType(operator, first, second)),
				(element) -> this.untypedNumbers.compute(operator, left, leftFunction.apply(element), right,
						rightFunction.apply(element)));
	}

	private void check(Arithmetic operator, Operand operand, OperandKind kind, OperandKind other) {
		if (kind == OperandKind.NULL) {
			throw this.scope.refuse("'" + operator.symbol() + "' has no result for null", "Use a number.");
		}
		if (kind == OperandKind.OTHER) {
			throw notNumber(operator.symbol(), operand);
		}
		if (kind == OperandKind.TEXT && (operator != Arithmetic.PLUS || other.isNumber())) {
			throw this.scope.refuse(
					"'" + operand.text() + "' is text, and '" + operator.symbol() + "' "
							+ ((operator != Arithmetic.PLUS) ? "needs numbers" : "needs two numbers or two texts"),
					"Use operands of one kind.");
		}
	}

	private ExpressionException notNumber(String symbol, Operand operand) {
		return this.scope.refuse("'" + operand.text() + "' is " + KeyWords.withArticle(operand.type().getSimpleName())
				+ ", and '" + symbol + "' needs numbers",
				"Use a number, such as a method's result 'time.toEpochMilli()'.");
	}

	private static Class<?> resultType(Arithmetic operator, OperandKind left, OperandKind right) {
		if (operator != Arithmetic.PLUS || left.isNumber() || right.isNumber()) {
			return Number.class;
		}
		return (left == OperandKind.TEXT || right == OperandKind.TEXT) ? String.class : Object.class;
	}

	Operand sign(boolean negative, Operand operand, String text) {
		return switch (OperandKind.of(operand.type())) {
			case WHOLE -> (negative) ? this.wholeNumbers.negate(operand, text) : this.wholeNumbers.of(operand);
			case DECIMAL -> (negative) ? this.decimalNumbers.negate(operand, text) : this.decimalNumbers.of(operand);
			case UNKNOWN -> {
				Function<Object, @Nullable Object> function = operand.boxed().function();
				yield new OfObject(text, ResolvableType.forClass(Number.class),
						(element) -> this.untypedNumbers.sign(negative, operand, function.apply(element)));
			}
			case TEXT, NULL, OTHER -> throw notNumber((negative) ? "-" : "+", operand);
		};
	}

}
