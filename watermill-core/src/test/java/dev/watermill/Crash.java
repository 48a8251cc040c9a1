package dev.watermill;

/**
 * Ends a run of a mill at once, without anything being committed.
 */
public final class Crash extends Error {

	private static final long serialVersionUID = 1L;

	public Crash() {
		super("crash", null, false, false);
	}

}
