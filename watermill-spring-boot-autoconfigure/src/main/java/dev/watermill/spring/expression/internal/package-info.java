/**
 * Key expressions: SpEL's language, checked at start and compiled to key functions.
 */
@NullMarked
package dev.watermill.spring.expression.internal;

import org.jspecify.annotations.NullMarked;
