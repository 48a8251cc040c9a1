package dev.watermill.benchmarks.kafka;

import java.util.List;

/**
 * One run of a contestant.
 *
 * @param workload what is joined
 * @param data what the names of the input topics begin with
 * @param elements how many elements stand in the topic of which there is most
 * @param output the topic of the results
 * @param id a name of the run that no other run has
 */
record Task(Workload workload, String data, int elements, String output, String id) {

	/** How often results are committed, in milliseconds. */
	static final int COMMIT_INTERVAL = 100;

	/** What the data of measurements of latency begin with. */
	static final String PACED = "paced-";

	/**
	 * Whether elements come at a steady rate while they are joined.
	 */
	boolean paced() {
		return this.data.startsWith(PACED);
	}

	String topic(String stream) {
		return topic(this.data, stream);
	}

	static String topic(String data, String stream) {
		return data + "-" + stream;
	}

	String toLine() {
		return String.join(" ", this.workload.name(), this.data, String.valueOf(this.elements), this.output, this.id);
	}

	static Task parse(List<String> words) {
		return new Task(Workload.valueOf(words.get(0)), words.get(1), Integer.parseInt(words.get(2)), words.get(3),
				words.get(4));
	}

}
