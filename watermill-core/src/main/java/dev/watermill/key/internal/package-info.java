/**
 * How keys are compared, kept in columns, and written down. Not for users: it may
 * change\n * at any time.
 */
@NullMarked
package dev.watermill.key.internal;

import org.jspecify.annotations.NullMarked;
