package dev.watermill.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says, beside {@link JoinOn}, that an element of the parent is joined with all elements
 * of this stream whose keys lie from some distance before to some distance behind its
 * own, both inclusive. The argument is a {@code Map<P, List<C>>}. Keys are numbers,
 * instants, or local dates with or without a time. Settings under
 * {@code watermill.mills.<mill>.joins.<stream>} take precedence.
 *
 * @since 0.1.0
 */
@Target({ ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Within {

	/**
	 * How far before the left key a match may be: a number in the unit of number keys, or
	 * a duration such as {@code 5s}. Empty for not at all.
	 * @return the distance
	 */
	String before() default "";

	/**
	 * How far behind the left key a match may be, likewise.
	 * @return the distance
	 */
	String after() default "";

	/**
	 * Expression that has to be equal on both sides, such as {@code symbol}. No order is
	 * asked of it.
	 * @return the expression
	 */
	String by() default "";

	/**
	 * What has to be equal, of the parent's elements.
	 * @return the expression
	 */
	String byLeft() default "";

	/**
	 * What has to be equal, of this stream's elements.
	 * @return the expression
	 */
	String byRight() default "";

}
