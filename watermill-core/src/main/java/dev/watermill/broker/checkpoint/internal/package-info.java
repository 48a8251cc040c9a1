/**
 * Commits without a broker's help: a file that is replaced in one step, by which a mill
 * is taken up again after a crash.
 */
@NullMarked
package dev.watermill.broker.checkpoint.internal;

import org.jspecify.annotations.NullMarked;
