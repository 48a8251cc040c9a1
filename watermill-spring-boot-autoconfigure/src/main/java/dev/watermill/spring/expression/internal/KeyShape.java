package dev.watermill.spring.expression.internal;

import java.util.Set;
import java.util.function.Function;

import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyKind;
import dev.watermill.key.internal.KeyWords;
import dev.watermill.spring.expression.internal.Operand.OfDouble;
import dev.watermill.spring.expression.internal.Operand.OfLong;
import dev.watermill.stream.RecordFact;
import org.jspecify.annotations.Nullable;

/**
 * Makes a compiled expression a key function, in the form that costs the least.
 */
final class KeyShape {

	private KeyShape() {
	}

	static <T> KeyFunction<T> of(Operand key, Set<RecordFact> facts, Scope scope) {
		checkOrder(key, scope);
		if (!facts.isEmpty()) {
			Function<Object, @Nullable Object> function = key.boxed().function();
			return KeyFunction.ofRecord(scope.expression(), key.type(), facts,
					(element, known) -> function.apply(new RecordRoot(element, known)));
		}
		WholeNumbers wholeNumbers = new WholeNumbers(scope);
		if (key.type() == Long.class) {
			OfLong number = wholeNumbers.of(key);
			return KeyFunction.ofLong(scope.expression(), number.function());
		}
		if (key.type() == Double.class) {
			OfDouble number = new DecimalNumbers(scope, wholeNumbers).of(key);
			return KeyFunction.ofDouble(scope.expression(), number.function());
		}
		Function<Object, @Nullable Object> function = key.boxed().function();
		return KeyFunction.ofObject(scope.expression(), key.type(), function);
	}

	/**
	 * Check that the values of an operand can be keys, as far as its type says.
	 * @param operand the operand
	 * @param scope names the expression
	 */
	static void checkOrder(Operand operand, Scope scope) {
		Class<?> type = operand.type();
		if (type == Void.class) {
			throw scope.refuse("null cannot be a key", "Use a field of the element.");
		}
		if (!KeyKind.ofType(type).isOrdered()) {
			throw scope.refuse("'" + operand.text() + "' is " + KeyWords.withArticle(type.getSimpleName())
					+ ", which has no order", "Use its fields or methods, or make the class Comparable.");
		}
	}

}
