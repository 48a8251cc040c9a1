/**
 * The pages of the documentation: whatever stands on them is compiled, bound, followed
 * and run.
 */
@NullMarked
package dev.watermill.docs;

import org.jspecify.annotations.NullMarked;
