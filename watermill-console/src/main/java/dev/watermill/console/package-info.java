/**
 * The console: one page that shows an application's mills as they run and steers them, by
 * way of the Actuator endpoint.
 */
@NullMarked
package dev.watermill.console;

import org.jspecify.annotations.NullMarked;
