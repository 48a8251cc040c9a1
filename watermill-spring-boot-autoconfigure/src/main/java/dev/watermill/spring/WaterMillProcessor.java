package dev.watermill.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * Makes a method the processing function of a mill.
 * <p>
 * On a class, which becomes a Spring component by it, the one method declared there that
 * is not private, static or a callback of the container is the processing function. On a
 * method of any bean it is that method; a bean may have several of them. The call goes
 * through the bean, so advice on it works.
 * <p>
 * The first argument of the function is an element of the master, or a {@code List} of
 * them for a window. A later one is a joined stream if it is a {@code Map} keyed by the
 * type of another stream argument, or carries {@link JoinOn} or {@link FromStream}. A
 * {@link dev.watermill.delivery.MillContext} describes the delivery. Everything else is a
 * bean.
 *
 * @since 0.1.0
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Component
public @interface WaterMillProcessor {

	/**
	 * Name of the mill; the name of the bean, or of the method, in kebab-case by default.
	 * @return the name
	 */
	@AliasFor("name")
	String value() default "";

	/**
	 * Name of the mill; the name of the bean, or of the method, in kebab-case by default.
	 * @return the name
	 */
	@AliasFor("value")
	String name() default "";

}
