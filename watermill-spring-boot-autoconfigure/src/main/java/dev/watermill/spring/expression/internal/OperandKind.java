package dev.watermill.spring.expression.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;

import tools.jackson.databind.JsonNode;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * What operators can do with an operand.
 */
enum OperandKind {

	/**
	 * A whole number; a {@code BigInteger} is one of 64 bits, or invalid.
	 */
	WHOLE,

	/**
	 * A number that makes arithmetic floating point.
	 */
	DECIMAL,

	TEXT,

	/**
	 * The literal {@code null}.
	 */
	NULL,

	/**
	 * Known when the value is.
	 */
	UNKNOWN,

	/**
	 * Neither a number nor text.
	 */
	OTHER;

	private static final Set<Class<?>> WHOLE_TYPES = Set.of(Long.class, Integer.class, Short.class, Byte.class,
			BigInteger.class);

	private static final Set<Class<?>> DECIMAL_TYPES = Set.of(Double.class, Float.class, BigDecimal.class);

	static OperandKind of(Class<?> type) {
		if (WHOLE_TYPES.contains(type)) {
			return WHOLE;
		}
		if (DECIMAL_TYPES.contains(type)) {
			return DECIMAL;
		}
		if (CharSequence.class.isAssignableFrom(type) || type == Character.class) {
			return TEXT;
		}
		if (type == Void.class) {
			return NULL;
		}
		return (type.isAssignableFrom(Long.class) || type.isAssignableFrom(BigDecimal.class)
				|| type.isAssignableFrom(String.class)) ? UNKNOWN : OTHER;
	}

	/**
	 * Bring a declared type to the types that operands have: boxed, of one width, and
	 * {@code Object} for JSON.
	 * @param declared the type of a member
	 * @return the type of the operand
	 */
	static ResolvableType normal(ResolvableType declared) {
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(declared.resolve(Object.class));
		if (type == Integer.class || type == Short.class || type == Byte.class) {
			return ResolvableType.forClass(Long.class);
		}
		if (type == Float.class) {
			return ResolvableType.forClass(Double.class);
		}
		boolean json = JsonNode.class.isAssignableFrom(type);
		return (json || ClassUtils.isPrimitiveWrapper(type) || type == Object.class)
				? ResolvableType.forClass((json) ? Object.class : type) : declared;
	}

	boolean isNumber() {
		return this == WHOLE || this == DECIMAL;
	}

}
