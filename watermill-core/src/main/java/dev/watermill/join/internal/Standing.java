package dev.watermill.join.internal;

import dev.watermill.broker.ElementMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Where an element stands. Immutable.
 */
interface Standing {

	/**
	 * Where, in the words of the user.
	 */
	String origin();

	/**
	 * What the broker knows of the element besides its value.
	 */
	@Nullable ElementMetadata metadata();

}
