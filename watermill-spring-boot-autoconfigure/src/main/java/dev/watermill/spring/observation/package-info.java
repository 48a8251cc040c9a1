/**
 * Each delivery as a Micrometer observation, so that traces run through mills.
 */
@NullMarked
package dev.watermill.spring.observation;

import org.jspecify.annotations.NullMarked;
