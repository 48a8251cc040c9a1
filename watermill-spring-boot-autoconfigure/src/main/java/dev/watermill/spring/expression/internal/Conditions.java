package dev.watermill.spring.expression.internal;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import dev.watermill.spring.expression.internal.Operand.OfBoolean;
import dev.watermill.spring.expression.internal.Operand.OfDouble;
import dev.watermill.spring.expression.internal.Operand.OfLong;
import dev.watermill.spring.expression.internal.Operand.OfObject;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * Compiles what depends on a condition. Only booleans are conditions, and a branch keeps
 * its value as it is: a whole number doesn't become floating point because the other
 * branch is.
 */
final class Conditions {

	private final Scope scope;

	Conditions(Scope scope) {
		this.scope = scope;
	}

	OfBoolean and(Operand left, Operand right, String text) {
		return new OfBoolean(text, condition(left).and(condition(right)));
	}

	OfBoolean or(Operand left, Operand right, String text) {
		return new OfBoolean(text, condition(left).or(condition(right)));
	}

	OfBoolean not(Operand operand, String text) {
		return new OfBoolean(text, condition(operand).negate());
	}

	Operand choose(Operand condition, Operand left, Operand right, String text) {
		Predicate<Object> test = condition(condition);
		if (left instanceof OfLong first && right instanceof OfLong second) {
			ToLongFunction<Object> a = first.function();
			ToLongFunction<Object> b = second.function();
			return new OfLong(text, (element) -> (test.test(element)) ? a.applyAsLong(element) : b.applyAsLong(element),
					null);
		}
		if (left instanceof OfDouble first && right instanceof OfDouble second) {
			ToDoubleFunction<Object> a = first.function();
			ToDoubleFunction<Object> b = second.function();
			return new OfDouble(text,
					(element) -> (test.test(element)) ? a.applyAsDouble(element) : b.applyAsDouble(element));
		}
		Function<Object, @Nullable Object> a = left.boxed().function();
		Function<Object, @Nullable Object> b = right.boxed().function();
		return new OfObject(text, common(left.boxed().generic(), right.boxed().generic()),
				(element) -> (test.test(element)) ? a.apply(element) : b.apply(element));
	}

	/**
	 * Elvis: as in SpEL the other value takes the place of null, of an empty text and of
	 * an empty {@code Optional}.
	 * @param left the value
	 * @param right the other value
	 * @param text the expression as text
	 * @return the operand
	 */
	Operand orElse(Operand left, Operand right, String text) {
		if (!(left instanceof OfObject object)) {
			return left;
		}
		Function<Object, @Nullable Object> a = object.function();
		Function<Object, @Nullable Object> b = right.boxed().function();
		ResolvableType present = (object.type() == Optional.class) ? object.generic().getGeneric(0) : object.generic();
		return new OfObject(text, common(present, right.boxed().generic()), (element) -> {
			Object value = Values.unwrapOptional(a.apply(element));
			return (value == null || "".equals(value)) ? b.apply(element) : value;
		});
	}

	private Predicate<Object> condition(Operand operand) {
		if (operand instanceof OfBoolean condition) {
			return condition.function();
		}
		if (!operand.type().isAssignableFrom(Boolean.class)) {
			throw this.scope.refuse("'" + operand.text() + "' is not a condition", "Compare it with something.");
		}
		Function<Object, @Nullable Object> function = operand.boxed().function();
		return (element) -> {
			Object value = function.apply(element);
			if (value instanceof Boolean answer) {
				return answer;
			}
			throw (value != null)
					? this.scope.invalid("'" + operand.text() + "' is not a condition: " + Scope.describe(value))
					: this.scope.isNull(operand.text());
		};
	}

	private static ResolvableType common(ResolvableType left, ResolvableType right) {
		Class<?> first = left.resolve(Object.class);
		Class<?> second = right.resolve(Object.class);
		if (left.equals(right) || second == Void.class) {
			return left;
		}
		if (first == Void.class) {
			return right;
		}
		if (first == second) {
			return ResolvableType.forClass(first);
		}
		boolean numbers = OperandKind.of(first).isNumber() && OperandKind.of(second).isNumber();
		return ResolvableType.forClass((numbers) ? Number.class : Object.class);
	}

}
