/**
 * How elements become bytes, and bytes elements.
 */
@NullMarked
package dev.watermill.codec;

import org.jspecify.annotations.NullMarked;
