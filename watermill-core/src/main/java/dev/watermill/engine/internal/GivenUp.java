package dev.watermill.engine.internal;

/**
 * A delivery that failed is passed over.
 *
 * @param failure how it failed
 */
record GivenUp(ProcessingException failure) {

}
