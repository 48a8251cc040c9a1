package dev.watermill.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says how the master is cut into windows, on the {@code List} that is a processing
 * function's first argument. One of the ways has to be chosen, here or under
 * {@code watermill.mills.<mill>.window}, which takes precedence.
 *
 * <pre class="code">
 * &#64;WindowBy("time / 60")                                 // runs of equal keys
 * &#64;WindowBy(value = "time", size = "5m")                 // one after another
 * &#64;WindowBy(value = "time", size = "5m", step = "1m")    // overlapping
 * &#64;WindowBy(value = "time", gap = "30s")                 // sessions
 * &#64;WindowBy(count = 100)                                 // so many elements each
 * &#64;WindowBy(every = "20s")                               // by the clock
 * </pre>
 *
 * @since 0.1.0
 */
@Target({ ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface WindowBy {

	/**
	 * Expression for the window's key. Alone it says that a window is a run of elements
	 * with equal keys.
	 * @return the expression
	 */
	String value() default "";

	/**
	 * How long a window is, in the unit of number keys or as a duration: windows begin at
	 * 0, or the epoch, and at each {@link #step()} from there.
	 * @return a number or a duration
	 */
	String size() default "";

	/**
	 * How far behind the begin of a window the next one begins; by default its size. An
	 * element is in all windows that hold its key, or in none.
	 * @return a number or a duration
	 */
	String step() default "";

	/**
	 * How far behind 0, or the epoch, a window begins, such as {@code 4d} for weeks that
	 * begin on Monday.
	 * @return a number or a duration
	 */
	String offset() default "";

	/**
	 * How far apart elements of a session may be: a window is a run of elements, each no
	 * farther than that behind the one before.
	 * @return a number or a duration
	 */
	String gap() default "";

	/**
	 * How many elements a window has.
	 * @return the number, 0 if windows are cut in another way
	 */
	int count() default 0;

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
