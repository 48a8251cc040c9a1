package dev.watermill.spring.expression.internal;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

import dev.watermill.key.internal.KeyWords;
import dev.watermill.spring.expression.internal.Operand.OfLong;
import dev.watermill.spring.expression.internal.Operand.OfObject;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * Compiles calls of {@link Conversion}s.
 */
final class Conversions {

	private final Scope scope;

	Conversions(Scope scope) {
		this.scope = scope;
	}

	/**
	 * Compile a call.
	 * @param conversion what is called
	 * @param arguments what it is called with
	 * @param literal whether the argument is written down
	 * @param text the call as text
	 * @return the operand
	 */
	Operand call(Conversion conversion, List<Operand> arguments, boolean literal, String text) {
		String symbol = conversion.symbol();
		if (arguments.size() != 1) {
			throw this.scope.refuse(symbol + " takes one value", "Write " + symbol + "(text).");
		}
		Operand argument = arguments.get(0);
		Class<?> type = argument.type();
		if (!conversion.takes(type)) {
			throw this.scope.refuse(
					"'" + argument.text() + "' is "
							+ ((type == Void.class) ? "null" : KeyWords.withArticle(type.getSimpleName())) + ", and "
							+ symbol + " makes " + conversion.expected() + " of a text or a number",
					"Use a text or a number.");
		}
		if (conversion == Conversion.LONG && argument instanceof OfLong) {
			return argument;
		}
		Function<Object, @Nullable Object> value = argument.boxed().function();
		Object written = (literal) ? value.apply(this) : null;
		if (written != null && conversion.convert(written) == null) {
			throw this.scope.refuse("'" + text + "' has no value: expected " + conversion.expected(), "Correct it.");
		}
		Function<Object, Object> function = (element) -> convert(conversion, argument, value.apply(element));
		return switch (conversion) {
			case LONG -> new OfLong(text, (element) -> (Long) function.apply(element), null);
			case DECIMAL -> new OfObject(text, ResolvableType.forClass(BigDecimal.class), function::apply);
			case INSTANT -> new OfObject(text, ResolvableType.forClass(Instant.class), function::apply);
		};
	}

	private Object convert(Conversion conversion, Operand argument, @Nullable Object value) {
		if (value == null) {
			throw this.scope.isNull(argument.text());
		}
		Object result = conversion.convert(value);
		if (result == null) {
			throw this.scope.invalid(
					conversion.symbol() + " expects " + conversion.expected() + ", found " + Scope.describe(value));
		}
		return result;
	}

}
