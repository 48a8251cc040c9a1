/**
 * Mills seen and steered through an Actuator endpoint.
 */
@NullMarked
package dev.watermill.spring.actuate.endpoint;

import org.jspecify.annotations.NullMarked;
