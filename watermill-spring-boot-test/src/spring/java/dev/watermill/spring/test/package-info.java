/**
 * Tests of mills: a slice of the application, and what runs its mills in it.
 */
@NullMarked
package dev.watermill.spring.test;

import org.jspecify.annotations.NullMarked;
