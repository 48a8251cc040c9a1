/**
 * The mills of an application: assembled from processors, streams and settings, started
 * and stopped with the application.
 */
@NullMarked
package dev.watermill.spring.mill;

import org.jspecify.annotations.NullMarked;
