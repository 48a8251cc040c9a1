package dev.watermill.stream;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a component of a record, a field, a setter or a parameter of a constructor that
 * an element of a topic has the timestamp of its record in, as an {@code Instant}, as a
 * {@code long} of milliseconds, or as another type of time.
 *
 * @since 0.1.0
 * @see RecordKey
 */
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface RecordTimestamp {

}
