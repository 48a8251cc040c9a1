/**
 * What the info endpoint tells of mills.
 */
@NullMarked
package dev.watermill.spring.actuate.info;

import org.jspecify.annotations.NullMarked;
