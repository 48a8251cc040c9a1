package dev.watermill.broker;

import org.jspecify.annotations.Nullable;

/**
 * Stands in a {@link Batch} for an element that could not be read.
 *
 * @param problem what was found and what was expected, for people
 * @param bytes the element as it was, as far as it is known
 * @param cause what the decoder said, if there was an exception
 * @since 0.1.0
 */
public record InvalidElement(String problem, byte @Nullable [] bytes, @Nullable Throwable cause) {

}
