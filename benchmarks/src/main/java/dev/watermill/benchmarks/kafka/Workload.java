package dev.watermill.benchmarks.kafka;

/**
 * What is joined.
 */
enum Workload {

	/** Each location with the one that follows. */
	SELF_JOIN("self-join"),

	/** Each trip with its locations, a result for each of them. */
	ONE_TO_25("1:25 join"),

	/** Each location with what is of its time, which every other one has. */
	LEFT_JOIN("left join");

	private final String title;

	Workload(String title) {
		this.title = title;
	}

	String title() {
		return this.title;
	}

	/**
	 * How many results there are.
	 */
	int results(int elements) {
		return (this == SELF_JOIN) ? elements - 1 : elements;
	}

}
