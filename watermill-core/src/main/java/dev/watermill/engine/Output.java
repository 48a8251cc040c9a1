package dev.watermill.engine;

import dev.watermill.broker.StreamSink;

/**
 * One output stream of a mill.
 *
 * @param stream the name of the stream
 * @param type the type whose results go there
 * @param sink where they are written
 * @since 0.1.0
 */
public record Output(String stream, Class<?> type, StreamSink<?> sink) {

}
