package dev.watermill.key.internal;

import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;

/**
 * What a key is computed of that takes more than the element.
 *
 * @param element the element
 * @param facts what the broker knows of its record, {@code null} if that is nothing
 * @since 0.1.0
 */
public record KeyedRecord(Object element, @Nullable RecordFacts facts) {

}
