package dev.watermill.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says by which keys a stream is joined to its parent: expressions over the elements of
 * either side, such as {@code time + 10}. Settings under
 * {@code watermill.mills.<mill>.joins.<stream>} take precedence.
 *
 * @since 0.1.0
 */
@Target({ ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface JoinOn {

	/**
	 * Expression for the key on both sides.
	 * @return the expression
	 */
	String value() default "";

	/**
	 * Expression for the key of the parent's elements.
	 * @return the expression
	 */
	String left() default "";

	/**
	 * Expression for the key of this stream's elements.
	 * @return the expression
	 */
	String right() default "";

	/**
	 * Name of the stream it is joined to, where several have the parent's type. The
	 * master is assumed if it is one of them.
	 * @return the name of a stream
	 */
	String parent() default "";

	/**
	 * Whether elements of the parent without a match are delivered, too, with an empty
	 * list. Where one match is asked for, an {@link java.util.Optional} says so.
	 * @return {@code true} if they are
	 */
	boolean optional() default false;

}
