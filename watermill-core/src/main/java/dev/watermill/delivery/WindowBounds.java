package dev.watermill.delivery;

/**
 * Where a window begins and ends, in its keys. Immutable.
 *
 * @param start of a hopping window its start, which is part of it; of others the key of
 * its first element
 * @param end of a hopping window its end, which is no part of it any more; of others the
 * key of its last element
 * @since 0.1.0
 */
public record WindowBounds(Object start, Object end) {

}
