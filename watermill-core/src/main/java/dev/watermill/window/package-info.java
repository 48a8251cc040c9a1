/**
 * Runs of consecutive master elements: when a window is open and when it closes.
 */
@NullMarked
package dev.watermill.window;

import org.jspecify.annotations.NullMarked;
