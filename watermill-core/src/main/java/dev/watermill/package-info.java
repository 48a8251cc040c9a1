/**
 * WaterMill in plain Java: build a {@link dev.watermill.Mill} from typed streams and
 * lambdas, and run it.
 */
@NullMarked
package dev.watermill;

import org.jspecify.annotations.NullMarked;
