package dev.watermill.spring.expression.internal;

import dev.watermill.key.KeyFunction;

import org.springframework.core.ResolvableType;

/**
 * Turns the text of a key expression into a key function.
 * <p>
 * The text is SpEL over an element: fields of records, beans, JSON and maps, nested ones
 * too, arithmetic, comparisons, lists, instance methods. The operators are not SpEL's but
 * those of keys: whole numbers have 64 bits and never wrap around. {@code #key},
 * {@code #timestamp} and {@code #header("name")} are of the element's record: such a key
 * is a {@link KeyFunction.OfRecord}. The functions may be used by several threads.
 *
 * @since 0.1.0
 */
public final class KeyExpressions {

	private KeyExpressions() {
	}

	/**
	 * Compile an expression.
	 * @param <T> the type of the elements
	 * @param expression the text, such as {@code time + 10}
	 * @param elementType the type of the elements
	 * @return the function that computes the key
	 * @throws ExpressionException if the expression cannot be used
	 */
	public static <T> KeyFunction<T> compile(String expression, Class<T> elementType) {
		return compile(expression, ResolvableType.forClass(elementType));
	}

	/**
	 * Compile an expression over elements of a generic type.
	 * @param <T> the type of the elements
	 * @param expression the text, such as {@code time + 10}
	 * @param elementType the type of the elements
	 * @return the function that computes the key
	 * @throws ExpressionException if the expression cannot be used
	 */
	public static <T> KeyFunction<T> compile(String expression, ResolvableType elementType) {
		return compile(expression, elementType, Typing.STATIC);
	}

	static <T> KeyFunction<T> compile(String expression, ResolvableType elementType, Typing typing) {
		Scope scope = new Scope(expression, elementType, typing);
		ExpressionCompiler compiler = new ExpressionCompiler(scope, ExpressionText.parse(scope));
		return KeyShape.of(compiler.compile(), compiler.facts(), scope);
	}

}
