package dev.watermill.engine;

/**
 * What a processing function answers, instead of a result or behind the last one, to end
 * the stream.
 *
 * @since 0.1.0
 */
public interface EndMark {

}
