/**
 * Auto-configuration of mills.
 */
@NullMarked
package dev.watermill.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
