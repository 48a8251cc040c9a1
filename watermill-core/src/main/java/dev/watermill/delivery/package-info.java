/**
 * What a processing function is given, and what it answers.
 */
@NullMarked
package dev.watermill.delivery;

import org.jspecify.annotations.NullMarked;
