/**
 * Processing functions: how they are found among the beans, what their signatures ask for
 * and how they are called.
 */
@NullMarked
package dev.watermill.spring.processor.internal;

import org.jspecify.annotations.NullMarked;
