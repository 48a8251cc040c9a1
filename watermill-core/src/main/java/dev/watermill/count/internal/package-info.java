/**
 * Those who count: one writer each, and the sums that users see. Not for users: it may
 * change at any time.
 */
@NullMarked
package dev.watermill.count.internal;

import org.jspecify.annotations.NullMarked;
