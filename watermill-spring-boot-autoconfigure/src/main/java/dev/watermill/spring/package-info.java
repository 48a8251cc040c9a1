/**
 * The annotations by which a bean becomes a mill.
 */
@NullMarked
package dev.watermill.spring;

import org.jspecify.annotations.NullMarked;
