package dev.watermill.spring.test;

/**
 * Is told of each step of mills before it is taken, and may end them there.
 */
@FunctionalInterface
interface Steps {

	/** Does nothing about them. */
	Steps UNNOTICED = (step, subject) -> {
	};

	/**
	 * A step is about to be taken.
	 * @param step the kind of step
	 * @param subject which mill or stream it is about
	 */
	void before(Step step, String subject);

	/**
	 * What mills do that a crash may come before.
	 */
	enum Step {

		/** The function is called. */
		DELIVERY("the function is called"),

		/** A result is written. */
		RESULT("a result is written"),

		/** What is written is flushed. */
		FLUSH("results are flushed"),

		/** Results and positions are committed. */
		COMMIT("a commit"),

		/** The mill goes on behind a commit. */
		COMMITTED("the mill hears of its commit");

		private final String words;

		Step(String words) {
			this.words = words;
		}

		@Override
		public String toString() {
			return this.words;
		}

	}

}
