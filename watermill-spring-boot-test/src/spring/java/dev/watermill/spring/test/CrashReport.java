package dev.watermill.spring.test;

/**
 * What {@link MillTester#crashEverywhere} has tried. Immutable.
 *
 * @param steps how many steps a run has that does not crash
 * @param crashes how many runs there were, each with a crash before another step
 * @param seed by which the steps were chosen, if there were more steps than runs
 * @since 0.1.0
 */
public record CrashReport(int steps, int crashes, long seed) {

	/**
	 * Whether there was a crash before each step.
	 * @return {@code false} if there were so many that some were chosen
	 */
	public boolean isExhaustive() {
		return this.steps == this.crashes;
	}

}
