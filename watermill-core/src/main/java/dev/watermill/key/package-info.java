/**
 * What the elements of streams are ordered and joined by: keys, how they are computed and
 * how they compare.
 */
@NullMarked
package dev.watermill.key;

import org.jspecify.annotations.NullMarked;
