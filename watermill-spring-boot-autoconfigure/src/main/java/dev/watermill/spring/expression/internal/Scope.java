package dev.watermill.spring.expression.internal;

import dev.watermill.key.InvalidKeyException;

import org.springframework.core.ResolvableType;

/**
 * The expression that is being compiled, and the exceptions that name it.
 *
 * @param expression the text as its author wrote it
 * @param elementType the type of the elements
 * @param typing when the types of operands are found out
 */
record Scope(String expression, ResolvableType elementType, Typing typing) {

	private static final int MAX_VALUE_LENGTH = 100;

	/**
	 * The expression cannot be used at all.
	 * @param problem what is wrong, without a full stop
	 * @param action what to do, a sentence
	 * @return the exception to throw at start
	 */
	ExpressionException refuse(String problem, String action) {
		return new ExpressionException(this.expression, this.elementType.resolve(Object.class), problem, action);
	}

	/**
	 * The expression has no value for one element.
	 * @param problem what is wrong
	 * @return the exception to throw for the element
	 */
	InvalidKeyException invalid(String problem) {
		return new InvalidKeyException(problem + " in '" + this.expression + "'");
	}

	InvalidKeyException isNull(String operand) {
		return (operand.equals(this.expression)) ? new InvalidKeyException("'" + operand + "' is null")
				: invalid("'" + operand + "' is null");
	}

	static String describe(Object value) {
		String text = String.valueOf(value);
		String shown = (text.length() <= MAX_VALUE_LENGTH) ? text : (text.substring(0, MAX_VALUE_LENGTH) + "...");
		return shown + " (" + value.getClass().getSimpleName() + ")";
	}

}
