package dev.watermill.join.internal;

import java.util.Arrays;

/**
 * Brings keys into order by their digits, the least one first, if they have few: keys
 * that are read at once are near each other, and then no comparison is as cheap. Used by
 * one thread.
 */
final class KeyDigits {

	/** How many bits a digit has. */
	private static final int DIGIT = 8;

	private static final int DIGITS = 1 << DIGIT;

	/** What has more digits is compared, which costs less then. */
	private static final int MOST_DIGITS = 5;

	private final int[] places = new int[DIGITS];

	/**
	 * Sort keys in their place; equal ones stay in the order in which they are.
	 * @param range where they are
	 * @param keys the keys
	 * @param refs what they are the keys of
	 * @param spareKeys room for as many
	 * @param spareRefs room for as many
	 * @param count how many
	 * @return {@code false} if they have too many digits, and are as they were
	 */
	boolean sort(Range range, long[] keys, long[] refs, long[] spareKeys, long[] spareRefs, int count) {
		if (range.bits() > MOST_DIGITS * DIGIT) {
			return false;
		}
		long[] from = keys;
		long[] fromRefs = refs;
		long[] to = spareKeys;
		long[] toRefs = spareRefs;
		for (int shift = range.lowest(); shift < range.lowest() + range.bits(); shift += DIGIT) {
			count(from, count, range.least(), shift);
			for (int i = 0; i < count; i++) {
				long key = from[i];
				int at = this.places[digit(key, range.least(), shift)]++;
				to[at] = key;
				toRefs[at] = fromRefs[i];
			}
			long[] done = from;
			long[] doneRefs = fromRefs;
			from = to;
			fromRefs = toRefs;
			to = done;
			toRefs = doneRefs;
		}
		if (from != keys) {
			System.arraycopy(from, 0, keys, 0, count);
			System.arraycopy(fromRefs, 0, refs, 0, count);
		}
		return true;
	}

	/**
	 * Find where the keys of each digit begin.
	 */
	private void count(long[] keys, int count, long least, int shift) {
		Arrays.fill(this.places, 0);
		for (int i = 0; i < count; i++) {
			this.places[digit(keys[i], least, shift)]++;
		}
		int place = 0;
		for (int digit = 0; digit < DIGITS; digit++) {
			int having = this.places[digit];
			this.places[digit] = place;
			place += having;
		}
	}

	private static int digit(long key, long least, int shift) {
		return (int) ((key - least) >>> shift) & (DIGITS - 1);
	}

	/**
	 * Where keys are.
	 *
	 * @param least the least of them
	 * @param greatest the greatest of them
	 * @param lowest the lowest bit in which they differ
	 * @param bits in how many bits from there on they may differ
	 */
	record Range(long least, long greatest, int lowest, int bits) {

		static Range of(long[] keys, int count) {
			long least = keys[0];
			long greatest = least;
			long differing = 0;
			for (int i = 1; i < count; i++) {
				least = Math.min(least, keys[i]);
				greatest = Math.max(greatest, keys[i]);
				differing |= keys[i] ^ keys[0];
			}
			int lowest = Long.numberOfTrailingZeros(differing);
			return new Range(least, greatest, lowest, Long.SIZE - Long.numberOfLeadingZeros(greatest - least) - lowest);
		}

	}

}
