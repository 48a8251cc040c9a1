/**
 * Streams in files of JSON.
 */
@NullMarked
package dev.watermill.spring.file;

import org.jspecify.annotations.NullMarked;
