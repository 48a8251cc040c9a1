/**
 * What the test kit asks of the mills of an application; it may change at any time.
 */
@NullMarked
package dev.watermill.spring.mill.internal;

import org.jspecify.annotations.NullMarked;
