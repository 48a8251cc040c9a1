/**
 * How mills are, as Spring Boot health.
 */
@NullMarked
package dev.watermill.spring.health;

import org.jspecify.annotations.NullMarked;
