/**
 * What a broker is to the engine: it opens streams at a position, reads them forward,
 * writes results and commits positions with them. Everything a user implements to bring a
 * broker of their own is here.
 */
@NullMarked
package dev.watermill.broker;

import org.jspecify.annotations.NullMarked;
