package dev.watermill.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the stream that an argument of a processing function comes from. The default is
 * the simple name of the element's type.
 *
 * @since 0.1.0
 */
@Target({ ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface FromStream {

	/**
	 * Name of the stream. Several names on one {@code Map<P, List<C>>} are as many
	 * streams, each joined in the same way, whose matches are concatenated in the order
	 * of the names.
	 * @return the names
	 */
	String[] value();

}
