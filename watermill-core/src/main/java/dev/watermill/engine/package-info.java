/**
 * A mill at work: one processing function, run over the deliveries of a join, its results
 * written and committed with the positions they cover, repeated after a failure. The
 * thread is made here and nowhere else.
 */
@NullMarked
package dev.watermill.engine;

import org.jspecify.annotations.NullMarked;
