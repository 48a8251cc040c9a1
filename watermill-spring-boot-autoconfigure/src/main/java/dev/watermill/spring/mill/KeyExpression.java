package dev.watermill.spring.mill;

import dev.watermill.key.KeyFunction;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidKeyExpressionException;
import dev.watermill.spring.expression.internal.ExpressionException;
import dev.watermill.spring.expression.internal.KeyExpressions;

import org.springframework.core.ResolvableType;

/**
 * The expression of a key.
 *
 * @param text the expression
 * @param origin the property or annotation that says it
 */
record KeyExpression(String text, String origin) {

	KeyFunction<Object> compile(ResolvableType type, String subject) {
		try {
			return KeyExpressions.compile(this.text, type);
		}
		catch (ExpressionException ex) {
			throw new InvalidKeyExpressionException(subject + ", '" + this.text + "' over "
					+ ex.getElementType().getSimpleName() + ", can't be used: " + ex.getProblem() + ".",
					ex.getAction() + " The key comes from " + this.origin + ".", ex);
		}
	}

}
