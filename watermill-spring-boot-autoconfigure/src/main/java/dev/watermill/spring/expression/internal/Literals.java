package dev.watermill.spring.expression.internal;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import dev.watermill.spring.expression.internal.Operand.OfBoolean;
import dev.watermill.spring.expression.internal.Operand.OfDouble;
import dev.watermill.spring.expression.internal.Operand.OfLong;
import dev.watermill.spring.expression.internal.Operand.OfObject;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Literal;

/**
 * Compiles numbers, texts, conditions and lists that are written down.
 */
final class Literals {

	private final Scope scope;

	private final ExpressionText source;

	Literals(Scope scope, ExpressionText source) {
		this.scope = scope;
		this.source = source;
	}

	@Nullable Operand literal(SpelNode node, String text) {
		BigInteger wholeNumber = this.source.wholeNumber(node);
		if (wholeNumber != null) {
			return wholeNumber(wholeNumber, text);
		}
		return (node instanceof Literal literal) ? literal(literal.getLiteralValue().getValue(), text) : null;
	}

	/**
	 * Compile a whole number behind a minus sign. It is one literal, since the smallest
	 * number has no positive counterpart.
	 * @param node what stands behind the sign
	 * @param text the number and its sign as text
	 * @return the operand, {@code null} if it is not one of the numbers in question
	 */
	@Nullable Operand negated(SpelNode node, String text) {
		BigInteger wholeNumber = this.source.wholeNumber(node);
		return (wholeNumber != null) ? wholeNumber(wholeNumber.negate(), text) : null;
	}

	private Operand wholeNumber(BigInteger value, String text) {
		if (value.bitLength() >= Long.SIZE) {
			throw this.scope.refuse("the number " + text + " does not fit into 64 bits",
					"Whole numbers have 64 bits in key expressions.");
		}
		return OfLong.constant(text, value.longValue());
	}

	private static Operand literal(@Nullable Object value, String text) {
		if (value instanceof Integer || value instanceof Long) {
			return OfLong.constant(text, ((Number) value).longValue());
		}
		if (value instanceof Number number) {
			double decimal = number.doubleValue();
			return new OfDouble(text, (element) -> decimal);
		}
		if (value instanceof Boolean answer) {
			return new OfBoolean(text, (element) -> answer);
		}
		ResolvableType type = ResolvableType.forClass((value != null) ? value.getClass() : Void.class);
		return new OfObject(text, type, (element) -> value);
	}

	OfObject list(List<Operand> items, String text) {
		items.forEach((item) -> KeyShape.checkOrder(item, this.scope));
		List<Function<Object, @Nullable Object>> functions = items.stream()
			.map((item) -> item.boxed().function())
			.toList();
		return new OfObject(text, ResolvableType.forClass(List.class), (element) -> {
			@Nullable Object[] values = new Object[functions.size()];
			for (int i = 0; i < values.length; i++) {
				values[i] = functions.get(i).apply(element);
			}
			return Arrays.asList(values);
		});
	}

}
