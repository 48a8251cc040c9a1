package dev.watermill.spring.processor.internal;

/**
 * How the annotation of a processing function cuts windows: at most one of the ways is
 * set.
 *
 * @param by the expression for the window's key, or empty
 * @param every how long after its first element a window closes, or empty
 * @param function the name of a window function, or empty
 * @since 0.1.0
 */
public record ProcessorWindow(String by, String every, String function) {

}
