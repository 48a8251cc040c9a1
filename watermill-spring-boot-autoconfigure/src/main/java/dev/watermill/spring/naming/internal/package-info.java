/**
 * Names of streams and mills, and how they are compared.
 */
@NullMarked
package dev.watermill.spring.naming.internal;

import org.jspecify.annotations.NullMarked;
