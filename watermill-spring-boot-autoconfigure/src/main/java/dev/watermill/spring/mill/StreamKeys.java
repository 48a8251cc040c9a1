package dev.watermill.spring.mill;

import dev.watermill.key.KeyFunction;
import dev.watermill.spring.diagnostics.InvalidKeyException;
import dev.watermill.spring.expression.ExpressionException;
import dev.watermill.spring.expression.KeyExpressions;
import dev.watermill.spring.processor.ProcessorStream;

/**
 * Compiles the expressions of keys.
 */
final class StreamKeys {

	private StreamKeys() {
	}

	static KeyFunction<Object> compile(String expression, ProcessorStream stream, String subject) {
		try {
			return KeyExpressions.compile(expression, stream.type());
		}
		catch (ExpressionException ex) {
			throw new InvalidKeyException(subject + ", '" + expression + "' over " + ex.getElementType().getSimpleName()
					+ ", can't be used: " + ex.getProblem() + ".", ex.getAction(), ex);
		}
	}

}
