/**
 * The kinds of bad input that a mill is to know, as tables among the resources, and what
 * it says of each.
 */
@NullMarked
package dev.watermill.corpus;

import org.jspecify.annotations.NullMarked;
