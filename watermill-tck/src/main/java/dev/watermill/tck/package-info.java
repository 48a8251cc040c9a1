/**
 * The compatibility kit: tests that every broker passes.
 */
@NullMarked
package dev.watermill.tck;

import org.jspecify.annotations.NullMarked;
