package dev.watermill.broker.file;

import java.util.Arrays;

/**
 * Where the lines of a buffer are that are not blank.
 */
final class Lines {

	// Where the first byte stands that is no white space
	private int[] starts = new int[1024];

	// Where the next line begins
	private int[] ends = new int[1024];

	private int size;

	void clear() {
		this.size = 0;
	}

	void add(int start, int end) {
		if (this.size == this.starts.length) {
			this.starts = Arrays.copyOf(this.starts, this.size * 2);
			this.ends = Arrays.copyOf(this.ends, this.size * 2);
		}
		this.starts[this.size] = start;
		this.ends[this.size++] = end;
	}

	int size() {
		return this.size;
	}

	int start(int index) {
		return this.starts[index];
	}

	int end(int index) {
		return this.ends[index];
	}

}
