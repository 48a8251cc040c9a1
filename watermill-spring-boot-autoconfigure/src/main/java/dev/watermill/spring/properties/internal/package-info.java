/**
 * How settings are bound: those that do not exist are refused, and of those of which only
 * one can hold the highest one is chosen.
 */
@NullMarked
package dev.watermill.spring.properties.internal;

import org.jspecify.annotations.NullMarked;
