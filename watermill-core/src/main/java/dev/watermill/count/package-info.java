/**
 * What was counted of a mill, and how fast it grows.
 */
@NullMarked
package dev.watermill.count;

import org.jspecify.annotations.NullMarked;
