package dev.watermill.spring.expression.internal;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import dev.watermill.key.internal.KeyKind;
import dev.watermill.key.internal.Keys;
import dev.watermill.spring.expression.internal.Operand.OfBoolean;
import dev.watermill.spring.expression.internal.Operand.OfDouble;
import dev.watermill.spring.expression.internal.Operand.OfLong;
import org.jspecify.annotations.Nullable;

/**
 * Compiles comparisons. They follow the order of keys, so numbers of different types
 * compare exactly; null equals null only and has no order.
 */
final class ComparisonOperators {

	private final Scope scope;

	ComparisonOperators(Scope scope) {
		this.scope = scope;
	}

	OfBoolean compare(Comparison comparison, Operand left, Operand right, String text) {
		check(comparison, left, right);
		if (left instanceof OfLong first && right instanceof OfLong second) {
			Long constant = second.constant();
			return new OfBoolean(text, (constant != null) ? compare(comparison, first.function(), constant)
					: compare(comparison, first.function(), second.function()));
		}
		if (left instanceof OfDouble first && right instanceof OfDouble second) {
			ToDoubleFunction<Object> a = first.function();
			ToDoubleFunction<Object> b = second.function();
			return new OfBoolean(text,
					(element) -> comparison.test(a.applyAsDouble(element), b.applyAsDouble(element)));
		}
		Function<Object, @Nullable Object> a = left.boxed().function();
		Function<Object, @Nullable Object> b = right.boxed().function();
		return new OfBoolean(text, (element) -> test(comparison, left, a.apply(element), right, b.apply(element)));
	}

	private void check(Comparison comparison, Operand left, Operand right) {
		if (OperandKind.of(left.type()) == OperandKind.NULL || OperandKind.of(right.type()) == OperandKind.NULL) {
			if (!comparison.isEquality()) {
				throw this.scope.refuse("null has no order, so '" + comparison.symbol() + "' cannot compare it",
						"Use '==' or '!='.");
			}
			return;
		}
		KeyKind first = KeyKind.ofType(left.type());
		KeyKind second = KeyKind.ofType(right.type());
		if (!first.isOrdered() || !second.isOrdered() || !first.comparesWith(second)) {
			throw this.scope.refuse(
					"'" + left.text() + "' is " + first + " and '" + right.text() + "' is " + second + ", which '"
							+ comparison.symbol() + "' cannot compare",
					(left.type().isEnum() || right.type().isEnum()) ? "Compare its name() with a text."
							: "Compare values of one kind.");
		}
	}

	private boolean test(Comparison comparison, Operand leftOperand, @Nullable Object left, Operand rightOperand,
			@Nullable Object right) {
		if (left == null || right == null) {
			if (comparison.isEquality()) {
				return (left == right) == (comparison == Comparison.EQUAL);
			}
			throw this.scope.isNull(((left != null) ? rightOperand : leftOperand).text());
		}
		if (left instanceof Number && right instanceof Number && (isNaN(left) || isNaN(right))) {
			return comparison == Comparison.NOT_EQUAL;
		}
		try {
			return comparison.test(Keys.compare(Keys.normalize(left), Keys.normalize(right)), 0L);
		}
		catch (Keys.IncomparableException ex) {
			throw this.scope.invalid(String.valueOf(ex.getMessage()));
		}
	}

	private static boolean isNaN(Object value) {
		return (value instanceof Double a && a.isNaN()) || (value instanceof Float b && b.isNaN());
	}

	private static Predicate<Object> compare(Comparison comparison, ToLongFunction<Object> left, long right) {
		return switch (comparison) {
			case EQUAL -> (element) -> left.applyAsLong(element) == right;
			case NOT_EQUAL -> (element) -> left.applyAsLong(element) != right;
			case LESS -> (element) -> left.applyAsLong(element) < right;
			case LESS_OR_EQUAL -> (element) -> left.applyAsLong(element) <= right;
			case GREATER -> (element) -> left.applyAsLong(element) > right;
			case GREATER_OR_EQUAL -> (element) -> left.applyAsLong(element) >= right;
		};
	}

	private static Predicate<Object> compare(Comparison comparison, ToLongFunction<Object> left,
			ToLongFunction<Object> right) {
		return switch (comparison) {
			case EQUAL -> (element) -> left.applyAsLong(element) == right.applyAsLong(element);
			case NOT_EQUAL -> (element) -> left.applyAsLong(element) != right.applyAsLong(element);
			case LESS -> (element) -> left.applyAsLong(element) < right.applyAsLong(element);
			case LESS_OR_EQUAL -> (element) -> left.applyAsLong(element) <= right.applyAsLong(element);
			case GREATER -> (element) -> left.applyAsLong(element) > right.applyAsLong(element);
			case GREATER_OR_EQUAL -> (element) -> left.applyAsLong(element) >= right.applyAsLong(element);
		};
	}

}
