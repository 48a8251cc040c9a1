package dev.watermill.spring.expression.internal;

import java.math.BigDecimal;
import java.math.BigInteger;

import org.jspecify.annotations.Nullable;

/**
 * Computes with operands whose type shows with their value.
 */
final class UntypedNumbers {

	private final Scope scope;

	UntypedNumbers(Scope scope) {
		this.scope = scope;
	}

	Object compute(Arithmetic operator, Operand leftOperand, @Nullable Object left, Operand rightOperand,
			@Nullable Object right) {
		if (left == null) {
			throw this.scope.isNull(leftOperand.text());
		}
		if (right == null) {
			throw this.scope.isNull(rightOperand.text());
		}
		if (operator == Arithmetic.PLUS && Values.isText(left) && Values.isText(right)) {
			return left.toString() + right;
		}
		Number first = number(left);
		Number second = number(right);
		if (first == null || second == null) {
			throw this.scope.invalid("'" + operator.symbol() + "' needs numbers: "
					+ operator.describe(Scope.describe(left), Scope.describe(right)));
		}
		if (first instanceof Long a && second instanceof Long b) {
			return operator.apply(a, b, this.scope);
		}
		return operator.apply(first.doubleValue(), second.doubleValue());
	}

	Number sign(boolean negative, Operand operand, @Nullable Object value) {
		if (value == null) {
			throw this.scope.isNull(operand.text());
		}
		Number number = number(value);
		if (number == null) {
			throw this.scope.invalid("a sign needs a number: " + Scope.describe(value));
		}
		if (!negative) {
			return number;
		}
		return (number instanceof Long whole) ? (Number) WholeNumbers.negate(whole, this.scope)
				: (Number) (-number.doubleValue());
	}

	/**
	 * Return what a value is in arithmetic.
	 * @param value any value
	 * @return a {@code Long} or a {@code Double}, {@code null} if it is not a number
	 */
	private @Nullable Number number(Object value) {
		if (value instanceof Long number) {
			return number;
		}
		if (value instanceof Double || value instanceof Float || value instanceof BigDecimal) {
			return ((Number) value).doubleValue();
		}
		if (value instanceof Integer || value instanceof Short || value instanceof Byte
				|| value instanceof BigInteger) {
			return WholeNumbers.exact((Number) value, this.scope);
		}
		return null;
	}

}
