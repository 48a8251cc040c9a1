/**
 * The vocabulary of streams: where in a stream something is, and what is said when it
 * ends.
 */
@NullMarked
package dev.watermill.stream;

import org.jspecify.annotations.NullMarked;
