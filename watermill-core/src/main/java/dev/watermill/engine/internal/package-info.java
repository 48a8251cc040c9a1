/**
 * A mill at work: run, commit, retry, life cycle. Not for users: it may change at any\n *
 * time.
 */
@NullMarked
package dev.watermill.engine.internal;

import org.jspecify.annotations.NullMarked;
