package dev.watermill.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Moves all streams of an application to memory, in a test of the whole of it with
 * {@code @SpringBootTest}: wherever the settings put them, no file and no topic is read
 * or written. A {@link MillTester} runs the mills.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration(MillTesterAutoConfiguration.class)
public @interface InMemoryStreams {

}
