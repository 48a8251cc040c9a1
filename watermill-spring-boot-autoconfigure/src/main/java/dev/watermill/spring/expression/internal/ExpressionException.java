package dev.watermill.spring.expression.internal;

/**
 * A key expression that cannot be used, found at start.
 *
 * @since 0.1.0
 */
public class ExpressionException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String expression;

	private final Class<?> elementType;

	private final String problem;

	private final String action;

	ExpressionException(String expression, Class<?> elementType, String problem, String action) {
		super("the expression '" + expression + "' over " + elementType.getName() + " cannot be used: " + problem + ". "
				+ action);
		this.expression = expression;
		this.elementType = elementType;
		this.problem = problem;
		this.action = action;
	}

	/**
	 * Return the expression as its author wrote it.
	 * @return the expression
	 */
	public String getExpression() {
		return this.expression;
	}

	/**
	 * Return the type of the elements that the expression was written for.
	 * @return the type, without its type arguments
	 */
	public Class<?> getElementType() {
		return this.elementType;
	}

	/**
	 * Return what is wrong.
	 * @return part of a sentence, without a full stop
	 */
	public String getProblem() {
		return this.problem;
	}

	/**
	 * Return what to do about it.
	 * @return a sentence
	 */
	public String getAction() {
		return this.action;
	}

}
