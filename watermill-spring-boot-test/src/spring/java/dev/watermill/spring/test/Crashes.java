package dev.watermill.spring.test;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Crashes mills before each of their steps, one run after another, and compares what they
 * write with what they write without a crash.
 */
final class Crashes {

	/** How many steps are tried, of all or of those that a seed chooses. */
	static final int MOST = 1_000;

	private static final String ADVICE = " A processing function has to give the same results for the same arguments, "
			+ "whoever calls it and when: it keeps nothing from one call for the next, and asks no clock and no chance. "
			+ "What it needs of elements before, a window or a join has.";

	private final Function<CountedSteps, CrashTrial> trials;

	private final Given given;

	Crashes(Function<CountedSteps, CrashTrial> trials, Given given) {
		this.trials = trials;
		this.given = given;
	}

	CrashReport everywhere(long seed) {
		CountedSteps whole = new CountedSteps(0);
		Map<String, List<String>> expected = this.trials.apply(whole).run(this.given);
		if (expected.values().stream().allMatch(List::isEmpty)) {
			throw new IllegalStateException(
					"The mills write nothing, so there is nothing that could be compared after a crash. Give them "
							+ "something that they write results for.");
		}
		awaitNextMillisecond();
		compare(expected, this.trials.apply(new CountedSteps(0)).run(this.given),
				() -> "The results differ from one run to the next, without any crash");
		int steps = whole.count();
		int[] chosen = choose(steps, seed);
		for (int step : chosen) {
			CountedSteps counted = new CountedSteps(step);
			compare(expected, this.trials.apply(counted).run(this.given),
					() -> "The results differ after a crash at step " + step + " of " + steps + ", " + counted.crashed()
							+ ((chosen.length < steps) ? " [seed " + seed + "]" : ""));
		}
		return new CrashReport(steps, chosen.length, seed);
	}

	private static int[] choose(int steps, long seed) {
		if (steps <= MOST) {
			return IntStream.rangeClosed(1, steps).toArray();
		}
		return new Random(seed).ints(1, steps + 1).distinct().limit(MOST).sorted().toArray();
	}

	/**
	 * A function that asks the clock for milliseconds is to be given another answer.
	 */
	private static void awaitNextMillisecond() {
		long now = System.currentTimeMillis();
		while (System.currentTimeMillis() == now) {
			Thread.onSpinWait();
		}
	}

	private static void compare(Map<String, List<String>> expected, Map<String, List<String>> found,
			Supplier<String> when) {
		expected.forEach((stream, results) -> {
			List<String> others = found.getOrDefault(stream, List.of());
			if (!results.equals(others)) {
				throw new AssertionError(when.get() + ". " + difference(stream, results, others) + ADVICE);
			}
		});
	}

	private static String difference(String stream, List<String> expected, List<String> found) {
		int at = 0;
		while (at < expected.size() && at < found.size() && expected.get(at).equals(found.get(at))) {
			at++;
		}
		return "The stream '" + stream + "' has at " + at + " of " + expected.size() + System.lineSeparator() + "  "
				+ shown(expected, at) + System.lineSeparator() + "and then at " + at + " of " + found.size()
				+ System.lineSeparator() + "  " + shown(found, at) + System.lineSeparator();
	}

	private static String shown(List<String> results, int at) {
		return (at < results.size()) ? results.get(at) : "nothing more";
	}

}
