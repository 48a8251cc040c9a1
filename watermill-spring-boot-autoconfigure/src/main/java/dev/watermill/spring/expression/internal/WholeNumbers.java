package dev.watermill.spring.expression.internal;

import java.math.BigInteger;
import java.util.function.ToLongFunction;

import dev.watermill.spring.expression.internal.Operand.OfLong;
import dev.watermill.spring.expression.internal.Operand.OfObject;

/**
 * Composes functions of whole numbers. Every operator has closures of its own, one for
 * two operands and one for a constant on the right, so that the JIT compiler can inline
 * them.
 */
final class WholeNumbers {

	private final Scope scope;

	WholeNumbers(Scope scope) {
		this.scope = scope;
	}

	OfLong compute(Arithmetic operator, Operand left, Operand right, String text) {
		OfLong first = of(left);
		OfLong second = of(right);
		Long constant = second.constant();
		ToLongFunction<Object> function = (constant != null) ? withConstant(operator, first.function(), constant)
				: withFunction(operator, first.function(), second.function());
		if (first.constant() != null && constant != null) {
			return folded(text, function);
		}
		return new OfLong(text, function, null);
	}

	OfLong negate(Operand operand, String text) {
		OfLong number = of(operand);
		ToLongFunction<Object> inner = number.function();
		ToLongFunction<Object> function = (element) -> negate(inner.applyAsLong(element), this.scope);
		return (number.constant() != null) ? folded(text, function) : new OfLong(text, function, null);
	}

	static long negate(long value, Scope scope) {
		if (value == Long.MIN_VALUE) {
			throw scope.invalid("more than 64 bits: -(" + value + ")");
		}
		return -value;
	}

	private OfLong folded(String text, ToLongFunction<Object> function) {
		try {
			return OfLong.constant(text, function.applyAsLong(this));
		}
		catch (RuntimeException ex) {
			// It is invalid for those elements for which it is computed, maybe for none
			return new OfLong(text, function, null);
		}
	}

	/**
	 * Return a whole number as a primitive.
	 * @param operand an operand that is known to be a whole number
	 * @return the number; null and more than 64 bits make the element invalid
	 */
	OfLong of(Operand operand) {
		if (operand instanceof OfLong number) {
			return number;
		}
		OfObject boxed = operand.boxed();
		return new OfLong(operand.text(), (element) -> {
			Object value = boxed.function().apply(element);
			if (value == null) {
				throw this.scope.isNull(boxed.text());
			}
			return exact((Number) value, this.scope);
		}, null);
	}

	static long exact(Number value, Scope scope) {
		if (value instanceof BigInteger integer && integer.bitLength() >= Long.SIZE) {
			throw scope.invalid("more than 64 bits: " + Scope.describe(value));
		}
		return value.longValue();
	}

	private ToLongFunction<Object> withConstant(Arithmetic operator, ToLongFunction<Object> left, long right) {
		Scope scope = this.scope;
		return switch (operator) {
			case PLUS -> (element) -> Arithmetic.PLUS.apply(left.applyAsLong(element), right, scope);
			case MINUS -> (element) -> Arithmetic.MINUS.apply(left.applyAsLong(element), right, scope);
			case TIMES -> (element) -> Arithmetic.TIMES.apply(left.applyAsLong(element), right, scope);
			case DIVIDE -> (element) -> Arithmetic.DIVIDE.apply(left.applyAsLong(element), right, scope);
			case REMAINDER -> (element) -> Arithmetic.REMAINDER.apply(left.applyAsLong(element), right, scope);
			case FLOOR_DIV -> (element) -> Arithmetic.FLOOR_DIV.apply(left.applyAsLong(element), right, scope);
			case FLOOR_MOD -> (element) -> Arithmetic.FLOOR_MOD.apply(left.applyAsLong(element), right, scope);
		};
	}

	private ToLongFunction<Object> withFunction(Arithmetic operator, ToLongFunction<Object> left,
			ToLongFunction<Object> right) {
		Scope scope = this.scope;
		return switch (operator) {
			case PLUS ->
				(element) -> Arithmetic.PLUS.apply(left.applyAsLong(element), right.applyAsLong(element), scope);
			case MINUS ->
				(element) -> Arithmetic.MINUS.apply(left.applyAsLong(element), right.applyAsLong(element), scope);
			case TIMES ->
				(element) -> Arithmetic.TIMES.apply(left.applyAsLong(element), right.applyAsLong(element), scope);
			case DIVIDE ->
				(element) -> Arithmetic.DIVIDE.apply(left.applyAsLong(element), right.applyAsLong(element), scope);
			case REMAINDER ->
				(element) -> Arithmetic.REMAINDER.apply(left.applyAsLong(element), right.applyAsLong(element), scope);
			case FLOOR_DIV ->
				(element) -> Arithmetic.FLOOR_DIV.apply(left.applyAsLong(element), right.applyAsLong(element), scope);
			case FLOOR_MOD ->
				(element) -> Arithmetic.FLOOR_MOD.apply(left.applyAsLong(element), right.applyAsLong(element), scope);
		};
	}

}
