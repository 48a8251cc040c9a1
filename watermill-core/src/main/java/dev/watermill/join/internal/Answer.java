package dev.watermill.join.internal;

/**
 * Whether an element has its matches.
 */
enum Answer {

	/**
	 * It has a match at every edge.
	 */
	MATCH,

	/**
	 * It has none, but a later element may have.
	 */
	NONE,

	/**
	 * Neither it nor any later element of its stream has one: an edge is over.
	 */
	OVER

}
