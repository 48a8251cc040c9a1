/**
 * Key expressions: SpEL's language, checked at start and compiled to key functions.
 */
@NullMarked
package dev.watermill.spring.expression;

import org.jspecify.annotations.NullMarked;
