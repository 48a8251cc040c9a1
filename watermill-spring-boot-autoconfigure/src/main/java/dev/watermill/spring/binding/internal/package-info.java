/**
 * From the settings of a stream to the broker that serves it.
 */
@NullMarked
package dev.watermill.spring.binding.internal;

import org.jspecify.annotations.NullMarked;
