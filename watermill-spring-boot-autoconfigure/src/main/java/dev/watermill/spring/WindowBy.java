package dev.watermill.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says how the master is cut into windows, on the {@code List} that is a processing
 * function's first argument. One of the three ways has to be chosen, here or under
 * {@code watermill.mills.<mill>.window}, which takes precedence.
 *
 * @since 0.1.0
 */
@Target({ ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface WindowBy {

	/**
	 * Expression for the window's key: a window is a run of elements with equal keys.
	 * @return the expression
	 */
	String value() default "";

	/**
	 * How long after its first element a window closes, on the clock, such as
	 * {@code 20s}. Not together with joins.
	 * @return the duration
	 */
	String every() default "";

	/**
	 * Name of a {@link dev.watermill.window.WindowFunction} bean.
	 * @return the name of a bean
	 */
	String function() default "";

}
