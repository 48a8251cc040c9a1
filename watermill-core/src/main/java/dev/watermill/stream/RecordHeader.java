package dev.watermill.stream;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a component of a record, a field, a setter or a parameter of a constructor that
 * an element of a topic has a header of its record in: a text, the bytes, or whatever
 * Jackson makes of the text.
 *
 * @since 0.1.0
 * @see RecordKey
 */
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface RecordHeader {

	/**
	 * The name of the header; of several of a name the last one counts.
	 * @return the name
	 */
	String value();

}
