/**
 * The settings under {@code watermill} in an application's configuration.
 */
@NullMarked
package dev.watermill.spring.properties;

import org.jspecify.annotations.NullMarked;
