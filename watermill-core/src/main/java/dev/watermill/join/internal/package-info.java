/**
 * The merge: cursors, edges, groups. Not for users: it may change at any time.
 */
@NullMarked
package dev.watermill.join.internal;

import org.jspecify.annotations.NullMarked;
