/**
 * When a window is open and when it closes. Not for users: it may change at any time.
 */
@NullMarked
package dev.watermill.window.internal;

import org.jspecify.annotations.NullMarked;
