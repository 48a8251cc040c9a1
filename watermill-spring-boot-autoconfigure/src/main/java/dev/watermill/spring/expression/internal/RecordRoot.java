package dev.watermill.spring.expression.internal;

import dev.watermill.stream.RecordFacts;

/**
 * What an expression is evaluated over that takes more than the element.
 *
 * @param element the element
 * @param facts what is known of its record
 */
record RecordRoot(Object element, RecordFacts facts) {

}
