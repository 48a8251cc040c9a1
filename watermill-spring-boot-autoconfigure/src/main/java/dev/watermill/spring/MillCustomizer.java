package dev.watermill.spring;

import dev.watermill.MillBuilder;

/**
 * Changes mills before they are built. Beans of this type are applied to every mill, in
 * their order, after annotations and settings; {@link MillBuilder#name()} says which mill
 * it is.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MillCustomizer {

	/**
	 * Change a mill.
	 * @param builder the mill as it is so far
	 */
	void customize(MillBuilder builder);

}
