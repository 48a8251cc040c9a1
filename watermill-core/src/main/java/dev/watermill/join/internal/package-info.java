/**
 * The merge: cursors, edges, groups. How it works is explained in
 * {@link dev.watermill.join.internal.EqualEdge}. Not for users: it may change at any
 * time.
 */
@NullMarked
package dev.watermill.join.internal;

import org.jspecify.annotations.NullMarked;
