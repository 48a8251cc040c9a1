package dev.watermill.engine.internal;

/**
 * A delivery that failed is passed over.
 *
 * @param failure how it failed
 * @param isDeadLetter whether its master's elements are written to the dead letters
 */
record GivenUp(ProcessingException failure, boolean isDeadLetter) {

}
