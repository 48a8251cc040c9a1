/**
 * How brokers read JSON: what is taken for what, and what is said of a value that is not
 * what it should be.
 */
@NullMarked
package dev.watermill.codec.internal;

import org.jspecify.annotations.NullMarked;
