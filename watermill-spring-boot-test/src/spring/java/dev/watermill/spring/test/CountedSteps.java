package dev.watermill.spring.test;

/**
 * Counts the steps of mills, and lets them crash before one of them: whatever they try
 * then, nothing comes of it, until they are made anew.
 */
final class CountedSteps implements Steps {

	private final int crashAt;

	private int count;

	private int deliveries;

	private boolean dead;

	private String crashed = "";

	/**
	 * Count steps.
	 * @param crashAt before which step the crash comes, from 1; 0 for none
	 */
	CountedSteps(int crashAt) {
		this.crashAt = crashAt;
	}

	@Override
	public synchronized void before(Step step, String subject) {
		if (this.dead) {
			throw new Crash();
		}
		this.count++;
		this.deliveries += (step == Step.DELIVERY) ? 1 : 0;
		if (this.count == this.crashAt) {
			this.dead = true;
			this.crashed = "before " + step
					+ ((step == Step.DELIVERY) ? " for the " + nth(this.deliveries) + " time"
							: (this.deliveries > 0) ? ", after its " + nth(this.deliveries) + " call" : "")
					+ " ('" + subject + "')";
			throw new Crash();
		}
	}

	private static String nth(int number) {
		int last = number % 10;
		boolean teen = number / 10 % 10 == 1;
		return number
				+ ((last == 1 && !teen) ? "st" : (last == 2 && !teen) ? "nd" : (last == 3 && !teen) ? "rd" : "th");
	}

	synchronized int count() {
		return this.count;
	}

	/**
	 * Whether the mills have crashed and were not made anew yet.
	 */
	synchronized boolean isDead() {
		return this.dead;
	}

	synchronized void revive() {
		this.dead = false;
	}

	/**
	 * Where they crashed.
	 */
	synchronized String crashed() {
		return this.crashed;
	}

}
