/**
 * Streams in JSON files: arrays and lines, plain or compressed, read and written as
 * streams.
 */
@NullMarked
package dev.watermill.broker.file;

import org.jspecify.annotations.NullMarked;
