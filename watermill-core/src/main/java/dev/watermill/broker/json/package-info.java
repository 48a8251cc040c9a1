/**
 * How brokers read JSON: what is taken for what, and what is said of a value that is not
 * what it should be.
 */
@NullMarked
package dev.watermill.broker.json;

import org.jspecify.annotations.NullMarked;
