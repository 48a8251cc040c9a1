package dev.watermill.engine.internal;

import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Which delivery it is, in whatever run it is made again.
 *
 * @param position where it begins, {@code null} at the start of its stream
 * @param window the key of its window, since several may begin with one element;
 * {@code null} if it has none
 */
record DeliveryId(@Nullable Position position, @Nullable Object window) {

}
