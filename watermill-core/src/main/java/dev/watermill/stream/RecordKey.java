package dev.watermill.stream;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a component of a record, a field, a setter or a parameter of a constructor that
 * an element of a topic has the key of its record in: so a function knows it of every
 * element, of those that are joined, too. It is a text, the bytes, or whatever Jackson
 * makes of the text, or of the key that is JSON, as of {@code record OrderKey(long id)}.
 * <p>
 * Where streams have no records, as files, and where another decoder than Jackson reads
 * elements, it is a property like any other.
 *
 * @since 0.1.0
 */
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface RecordKey {

}
