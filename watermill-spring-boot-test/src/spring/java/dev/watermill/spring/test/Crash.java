package dev.watermill.spring.test;

/**
 * Ends a mill at once, without anything being committed any more.
 */
final class Crash extends Error {

	private static final long serialVersionUID = 1L;

	Crash() {
		super("crash", null, false, false);
	}

}
