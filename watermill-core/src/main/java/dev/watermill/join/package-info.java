/**
 * The inner join of ordered streams as a merge: a tree of streams goes in, each master
 * element comes out with its matches, in constant memory.
 */
@NullMarked
package dev.watermill.join;

import org.jspecify.annotations.NullMarked;
