package dev.watermill.engine;

import dev.watermill.broker.StreamSink;
import dev.watermill.key.KeyFunction;
import org.jspecify.annotations.Nullable;

/**
 * One output stream of a mill.
 *
 * @param stream the name of the stream
 * @param type the type whose results go there
 * @param sink where they are written
 * @param key makes the key of a result's record, {@code null} for none
 * @since 0.1.0
 */
public record Output(String stream, Class<?> type, StreamSink<?> sink, @Nullable KeyFunction<?> key) {

}
