/**
 * Files that several processes may want to write: which one a path leads to, and who may
 * write it.
 */
@NullMarked
package dev.watermill.broker.lock.internal;

import org.jspecify.annotations.NullMarked;
