package dev.watermill.spring.processor.internal;

import org.springframework.core.ResolvableType;

/**
 * A stream that results of a processing function go to.
 *
 * @param name the name of the stream, in kebab-case
 * @param type the type of the results
 * @since 0.1.0
 */
public record ProcessorOutput(String name, ResolvableType type) {

}
