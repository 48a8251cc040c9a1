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

	/** No numbers, to which none are added. */
	static final NumberRanges NONE = new NumberRanges();

	private static final int RADIX = Character.MAX_RADIX;

	/** The first number of each range, and what is behind its last one. */
	private long[] bounds = {};

	/** How many bounds there are. */
	private int size;

	/**
	 * Read what {@link #toString} returned.
	 */
	static NumberRanges parse(String text) {
		NumberRanges ranges = new NumberRanges();
		long end = 0;
		for (String range : text.isEmpty() ? new String[0] : text.split(",")) {
			int colon = range.indexOf(':');
			long from = end + Long.parseLong((colon < 0) ? range : range.substring(0, colon), RADIX);
			end = from + ((colon < 0) ? 1 : Long.parseLong(range.substring(colon + 1), RADIX));
			ranges.add(from, end);
		}
		return ranges;
	}

	/**
	 * Return all numbers that are in this set or in another one, which has none of them,
	 * in order.
	 */
	NumberRanges union(NumberRanges other) {
		NumberRanges all = new NumberRanges();
		all.addAll(this, Long.MIN_VALUE, Long.MAX_VALUE);
		all.addAll(other, Long.MIN_VALUE, Long.MAX_VALUE);
		return all.sortedFrom(0);
	}

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

	boolean isEmpty() {
		return this.size == 0;
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
	 * Take a number out of the set, whose ranges are in order.
	 * @return whether it was there
	 */
	boolean remove(long number) {
		if (!contains(number)) {
			return false;
		}
		int found = Arrays.binarySearch(this.bounds, 0, this.size, number);
		int first = (found >= 0) ? found : -found - 2;
		long end = this.bounds[first + 1];
		if (this.bounds[first] == number) {
			this.bounds[first]++;
		}
		else {
			this.bounds[first + 1] = number;
			if (end > number + 1) {
				insert(first + 2, number + 1, end);
			}
		}
		if (this.bounds[first] == this.bounds[first + 1]) {
			this.size -= 2;
			System.arraycopy(this.bounds, first + 2, this.bounds, first, this.size - first);
		}
		return true;
	}

	private void insert(int at, long from, long to) {
		long[] longer = new long[this.size + 2];
		System.arraycopy(this.bounds, 0, longer, 0, at);
		longer[at] = from;
		longer[at + 1] = to;
		System.arraycopy(this.bounds, at, longer, at + 2, this.size - at);
		this.bounds = longer;
		this.size = longer.length;
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

	/**
	 * Return the ranges, which are in order, in a short text: how far each begins behind
	 * the one before, and, of more numbers than one, how many they are.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		long end = 0;
		for (int i = 0; i < this.size; i += 2) {
			text.append((i > 0) ? "," : "").append(Long.toString(this.bounds[i] - end, RADIX));
			end = this.bounds[i + 1];
			if (end - this.bounds[i] > 1) {
				text.append(':').append(Long.toString(end - this.bounds[i], RADIX));
			}
		}
		return text.toString();
	}

}
