/**
 * Streams in memory: a broker for tests and for trying things.
 */
@NullMarked
package dev.watermill.broker.memory;

import org.jspecify.annotations.NullMarked;
