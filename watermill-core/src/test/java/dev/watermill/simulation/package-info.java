/**
 * Mills of several instances in one process, whose steps follow each other as a seed
 * says.
 */
@NullMarked
package dev.watermill.simulation;

import org.jspecify.annotations.NullMarked;
