/**
 * Streams in JSON files: arrays and lines, plain or compressed, read and written as
 * streams, and the checkpoint file that takes a mill up again after a crash.
 */
@NullMarked
package dev.watermill.broker.file;

import org.jspecify.annotations.NullMarked;
