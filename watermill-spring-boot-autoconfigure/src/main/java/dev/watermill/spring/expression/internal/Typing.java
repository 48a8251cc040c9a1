package dev.watermill.spring.expression.internal;

/**
 * When the types of operands are found out. Both ways compute the same.
 */
enum Typing {

	/**
	 * At start, from the declared types, so that nothing is boxed or looked up per
	 * element; at run time only where the declared types don't say.
	 */
	STATIC,

	/**
	 * At run time for every operand, from the value.
	 */
	DYNAMIC

}
