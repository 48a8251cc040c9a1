/**
 * What can be wrong with the configuration of mills, and what to do about it.
 */
@NullMarked
package dev.watermill.spring.diagnostics;

import org.jspecify.annotations.NullMarked;
