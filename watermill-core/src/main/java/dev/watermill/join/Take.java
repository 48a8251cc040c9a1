package dev.watermill.join;

/**
 * How many of its matches a parent element takes.
 *
 * @since 0.1.0
 */
public enum Take {

	/**
	 * Every match, so the group is complete only when the child shows a greater key or
	 * ends.
	 */
	ALL,

	/**
	 * The first complete match only, so nothing waits for the element behind it; further
	 * ones with that key are surplus.
	 */
	FIRST

}
