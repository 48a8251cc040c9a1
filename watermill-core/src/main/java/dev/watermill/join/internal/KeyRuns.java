package dev.watermill.join.internal;

import org.jspecify.annotations.Nullable;

/**
 * Merges runs: keys that do not decrease, each with a reference to what it is the key of.
 * Of equal keys those of the first run come first, so runs that follow each other in the
 * order in which elements came keep that order.
 * <p>
 * <b>Cost</b>: that of a comparison for each key, and nothing branches on its outcome,
 * which nobody can predict; what stands before all of the other run, or behind it, is
 * copied. So elements that are nearly in order cost next to nothing.
 */
final class KeyRuns {

	/** How many keys are put in order one by one before runs are merged. */
	private static final int BLOCK = 16;

	private final @Nullable Ties ties;

	/** Where runs are merged to, in turns. */
	private long[] keys = {};

	private long[] refs = {};

	private long[] otherKeys = {};

	private long[] otherRefs = {};

	private final KeyDigits digits = new KeyDigits();

	/**
	 * Create a merger.
	 * @param ties compares what has equal keys, {@code null} if it is equal then
	 */
	KeyRuns(@Nullable Ties ties) {
		this.ties = ties;
	}

	/**
	 * Bring keys into order, in their place.
	 * @param count how many of them
	 */
	void sort(long[] unsorted, long[] of, int count) {
		if (ascending(unsorted, of, 0, count) == count || (count >= 2 * BLOCK && sortByDigits(unsorted, of, count))) {
			return;
		}
		for (int begin = 0; begin < count; begin += BLOCK) {
			insert(unsorted, of, begin, Math.min(begin + BLOCK, count));
		}
		int[] ends = new int[(count + BLOCK - 1) / BLOCK];
		for (int i = 0; i < ends.length; i++) {
			ends[i] = Math.min((i + 1) * BLOCK, count);
		}
		makeRoom(count);
		System.arraycopy(unsorted, 0, this.keys, 0, count);
		System.arraycopy(of, 0, this.refs, 0, count);
		mergeAll(ends, ends.length);
		System.arraycopy(this.keys, 0, unsorted, 0, count);
		System.arraycopy(this.refs, 0, of, 0, count);
	}

	private boolean sortByDigits(long[] unsorted, long[] of, int count) {
		makeRoom(count);
		KeyDigits.Range range = KeyDigits.Range.of(unsorted, count);
		boolean tied = isTied(range.least()) || isTied(range.greatest());
		return !tied && this.digits.sort(range, unsorted, of, this.keys, this.refs, count);
	}

	private int ascending(long[] of, long[] with, int begin, int end) {
		int index = begin + 1;
		while (index < end && !isLess(of, with, index, of, with, index - 1)) {
			index++;
		}
		return Math.min(index, end);
	}

	private void insert(long[] of, long[] with, int begin, int end) {
		for (int i = ascending(of, with, begin, end); i < end; i++) {
			long key = of[i];
			long ref = with[i];
			int at = i;
			while (at > begin && (key < of[at - 1] || (key == of[at - 1] && isTiedLess(key, ref, with[at - 1])))) {
				of[at] = of[at - 1];
				with[at] = with[at - 1];
				at--;
			}
			of[at] = key;
			with[at] = ref;
		}
	}

	/**
	 * Copy beginnings of runs one behind the other, and merge them all.
	 * @param from the runs
	 * @param counts how many of the first of each
	 * @param runs how many runs
	 * @return what they are merged to, good until the next time
	 */
	KeyRun merge(KeyRun[] from, int[] counts, int runs) {
		int total = 0;
		for (int i = 0; i < runs; i++) {
			total += counts[i];
		}
		makeRoom(total);
		int[] ends = new int[runs];
		int at = 0;
		for (int i = 0; i < runs; i++) {
			System.arraycopy(from[i].keys, from[i].from, this.keys, at, counts[i]);
			System.arraycopy(from[i].refs, from[i].from, this.refs, at, counts[i]);
			at += counts[i];
			ends[i] = at;
		}
		mergeAll(ends, runs);
		return new KeyRun(this.keys, this.refs, 0, total);
	}

	private void makeRoom(int count) {
		if (this.keys.length < count) {
			int larger = Math.max(count, 2 * this.keys.length);
			this.keys = new long[larger];
			this.refs = new long[larger];
			this.otherKeys = new long[larger];
			this.otherRefs = new long[larger];
		}
	}

	/**
	 * Merge runs that stand one behind the other, two and two, until they are one.
	 */
	private void mergeAll(int[] ends, int count) {
		int runs = count;
		while (runs > 1) {
			int made = 0;
			int begin = 0;
			for (int i = 0; i < runs; i += 2) {
				int end = ends[i];
				int behind = (i + 1 < runs) ? ends[i + 1] : end;
				merge(this.keys, this.refs, begin, end, this.keys, this.refs, end, behind, this.otherKeys,
						this.otherRefs, begin);
				ends[made++] = behind;
				begin = behind;
			}
			runs = made;
			long[] mergedKeys = this.otherKeys;
			long[] mergedRefs = this.otherRefs;
			this.otherKeys = this.keys;
			this.otherRefs = this.refs;
			this.keys = mergedKeys;
			this.refs = mergedRefs;
		}
	}

	/**
	 * Merge two runs to a new one.
	 */
	KeyRun merge(KeyRun first, KeyRun second) {
		int size = first.size() + second.size();
		KeyRun merged = new KeyRun(new long[size], new long[size], 0, size);
		merge(first.keys, first.refs, first.from, first.to, second.keys, second.refs, second.from, second.to,
				merged.keys, merged.refs, 0);
		return merged;
	}

	private void merge(long[] a, long[] aRefs, int aFrom, int aTo, long[] b, long[] bRefs, int bFrom, int bTo,
			long[] to, long[] toRefs, int toFrom) {
		boolean empty = aFrom == aTo || bFrom == bTo;
		int i = empty ? aTo : begin(a, aRefs, aFrom, aTo, b, bRefs, bFrom);
		int rest = empty ? bFrom : end(b, bRefs, bFrom, bTo, a, aRefs, aTo - 1);
		int j = bFrom;
		int at = toFrom + i - aFrom;
		System.arraycopy(a, aFrom, to, toFrom, i - aFrom);
		System.arraycopy(aRefs, aFrom, toRefs, toFrom, i - aFrom);
		while (i < aTo && j < rest) {
			long left = a[i];
			long right = b[j];
			long leftRef = aRefs[i];
			long rightRef = bRefs[j];
			int second = isLess(right, left);
			if (this.ties != null && right == left) {
				second = isTiedLess(left, rightRef, leftRef) ? 1 : 0;
			}
			long mask = -(long) second;
			to[at] = left ^ ((left ^ right) & mask);
			toRefs[at++] = leftRef ^ ((leftRef ^ rightRef) & mask);
			j += second;
			i += 1 - second;
		}
		System.arraycopy(a, i, to, at, aTo - i);
		System.arraycopy(aRefs, i, toRefs, at, aTo - i);
		at += aTo - i;
		System.arraycopy(b, j, to, at, bTo - j);
		System.arraycopy(bRefs, j, toRefs, at, bTo - j);
	}

	/**
	 * Whether one key is less than another, computed without a branch.
	 * @return 1 if it is, else 0
	 */
	private static int isLess(long key, long other) {
		long difference = key - other;
		return (int) ((difference ^ ((key ^ other) & (difference ^ key))) >>> (Long.SIZE - 1));
	}

	/**
	 * Where merging begins in the first run: at the first key that is greater than the
	 * first one of the second, or at the first of all if they are not far apart.
	 */
	private int begin(long[] of, long[] with, int from, int to, long[] other, long[] otherWith, int key) {
		int low = from;
		int high = to;
		if (isLess(other, otherWith, key, of, with, (low + high) >>> 1)) {
			return low;
		}
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (isLess(other, otherWith, key, of, with, middle)) {
				high = middle;
			}
			else {
				low = middle + 1;
			}
		}
		return low;
	}

	/**
	 * Where merging ends in the second run: at the first key that is not less than the
	 * last one of the first, or behind all if they are not far apart.
	 */
	private int end(long[] of, long[] with, int from, int to, long[] other, long[] otherWith, int key) {
		int low = from;
		int high = to;
		if (isLess(of, with, (low + high) >>> 1, other, otherWith, key)) {
			return high;
		}
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (isLess(of, with, middle, other, otherWith, key)) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

	private boolean isLess(long[] of, long[] with, int index, long[] other, long[] otherWith, int otherIndex) {
		return of[index] < other[otherIndex]
				|| (of[index] == other[otherIndex] && isTiedLess(of[index], with[index], otherWith[otherIndex]));
	}

	private boolean isTied(long key) {
		return this.ties != null && !this.ties.isExact(key);
	}

	private boolean isTiedLess(long key, long ref, long other) {
		return this.ties != null && !this.ties.isExact(key) && this.ties.compare(ref, other) < 0;
	}

	/**
	 * Compares what has equal keys.
	 */
	interface Ties {

		/**
		 * Whether all that has this key is equal.
		 */
		boolean isExact(long key);

		/**
		 * Compare the one with the other.
		 */
		int compare(long ref, long other);

	}

}
