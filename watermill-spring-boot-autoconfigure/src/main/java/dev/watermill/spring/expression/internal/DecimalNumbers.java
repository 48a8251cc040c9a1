package dev.watermill.spring.expression.internal;

import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import dev.watermill.spring.expression.internal.Operand.OfDouble;
import dev.watermill.spring.expression.internal.Operand.OfLong;
import dev.watermill.spring.expression.internal.Operand.OfObject;

/**
 * Composes functions of floating point numbers.
 */
final class DecimalNumbers {

	private final Scope scope;

	private final WholeNumbers wholeNumbers;

	DecimalNumbers(Scope scope, WholeNumbers wholeNumbers) {
		this.scope = scope;
		this.wholeNumbers = wholeNumbers;
	}

	OfDouble compute(Arithmetic operator, Operand left, Operand right, String text) {
		ToDoubleFunction<Object> first = of(left).function();
		ToDoubleFunction<Object> second = of(right).function();
		return new OfDouble(text,
				(element) -> operator.apply(first.applyAsDouble(element), second.applyAsDouble(element)));
	}

	OfDouble negate(Operand operand, String text) {
		ToDoubleFunction<Object> number = of(operand).function();
		return new OfDouble(text, (element) -> -number.applyAsDouble(element));
	}

	/**
	 * Return a number as a primitive.
	 * @param operand an operand that is known to be a number
	 * @return the number; null makes the element invalid
	 */
	OfDouble of(Operand operand) {
		if (operand instanceof OfDouble number) {
			return number;
		}
		if (operand instanceof OfLong number && number.constant() != null) {
			double constant = number.constant();
			return new OfDouble(operand.text(), (element) -> constant);
		}
		if (OperandKind.of(operand.type()) == OperandKind.WHOLE) {
			ToLongFunction<Object> number = this.wholeNumbers.of(operand).function();
			return new OfDouble(operand.text(), number::applyAsLong);
		}
		OfObject boxed = operand.boxed();
		return new OfDouble(operand.text(), (element) -> {
			Object value = boxed.function().apply(element);
			if (value == null) {
				throw this.scope.isNull(boxed.text());
			}
			return ((Number) value).doubleValue();
		});
	}

}
