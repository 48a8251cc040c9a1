package dev.watermill;

import java.util.function.BooleanSupplier;

import dev.watermill.engine.MillListener;

/**
 * Ends a run of a mill at once, without anything being committed.
 */
public final class Crash extends Error {

	private static final long serialVersionUID = 1L;

	public Crash() {
		super("crash", null, false, false);
	}

	/**
	 * Return a listener of a mill that crashes right behind a commit.
	 * @param crashes says at each commit whether it crashes there
	 */
	static MillListener behindCommits(BooleanSupplier crashes) {
		return new MillListener() {

			@Override
			public void committed(long nanos) {
				if (crashes.getAsBoolean()) {
					throw new Crash();
				}
			}

		};
	}

}
