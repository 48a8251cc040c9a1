/**
 * What mills do, as Micrometer meters.
 */
@NullMarked
package dev.watermill.spring.metrics;

import org.jspecify.annotations.NullMarked;
