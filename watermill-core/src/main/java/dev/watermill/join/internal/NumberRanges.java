package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A set of numbers, which mostly stand side by side. They may be added in any order, and
 * are to be {@linkplain #sortedFrom sorted} before anybody asks. Used by one thread.
 */
final class NumberRanges {

	/** The first number of each range, and what is behind its last one. */
	private long[] bounds = {};

	/** How many bounds there are. */
	private int size;

	/**
	 * Add a range that is not there yet.
	 * @param from its first number
	 * @param to behind its last one
	 */
	void add(long from, long to) {
		if (from >= to) {
			return;
		}
		if (this.size > 0 && this.bounds[this.size - 1] == from) {
			this.bounds[this.size - 1] = to;
			return;
		}
		if (this.size == this.bounds.length) {
			this.bounds = Arrays.copyOf(this.bounds, Math.max(8, 2 * this.size));
		}
		this.bounds[this.size++] = from;
		this.bounds[this.size++] = to;
	}

	/**
	 * Add a part of other ranges.
	 * @param least the least number that is added
	 * @param limit behind the greatest one
	 */
	void addAll(NumberRanges others, long least, long limit) {
		for (int i = 0; i < others.size; i += 2) {
			add(Math.max(others.bounds[i], least), Math.min(others.bounds[i + 1], limit));
		}
	}

	void clear() {
		this.size = 0;
	}

	/**
	 * Return the same ranges in order, counted from another number on.
	 * @param zero the number that is 0 there
	 */
	NumberRanges sortedFrom(long zero) {
		List<long[]> ranges = new ArrayList<>();
		for (int i = 0; i < this.size; i += 2) {
			ranges.add(new long[] { this.bounds[i] - zero, this.bounds[i + 1] - zero });
		}
		ranges.sort(Comparator.comparingLong((range) -> range[0]));
		NumberRanges sorted = new NumberRanges();
		ranges.forEach((range) -> sorted.add(range[0], range[1]));
		return sorted;
	}

	/**
	 * Whether a number is in the set, whose ranges are in order.
	 */
	boolean contains(long number) {
		int found = Arrays.binarySearch(this.bounds, 0, this.size, number);
		// the bound behind a range is where another one may not begin, or they were one
		return (found >= 0) ? found % 2 == 0 : (-found - 1) % 2 == 1;
	}

	/**
	 * How many numbers there are.
	 * @param least the least number that is counted
	 */
	long count(long least) {
		long count = 0;
		for (int i = 0; i < this.size; i += 2) {
			count += Math.max(0, this.bounds[i + 1] - Math.max(this.bounds[i], least));
		}
		return count;
	}

}
