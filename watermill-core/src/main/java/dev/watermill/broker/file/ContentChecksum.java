package dev.watermill.broker.file;

import java.util.zip.CRC32C;

/**
 * The checksum of all that stands before a position, found while it is read: that of a
 * part is put to that of everything before it without looking at this again.
 * <p>
 * A checksum is the remainder of a polynomial over GF(2), so that of <em>ab</em> is that
 * of <em>a</em>, multiplied by x to the power of the bits of <em>b</em>, plus that of
 * <em>b</em>. The highest bit of a number stands for the power 0, as in the checksum
 * itself.
 */
final class ContentChecksum {

	/** The checksum of nothing. */
	static final long NOTHING = 0;

	private static final int POLYNOMIAL = 0x82f63b78;

	private static final int ONE = 1 << 31;

	/** The powers of x with the exponents 1, 2, 4, 8 and so on. */
	private static final int[] POWERS = powers();

	private static final int BITS_OF_A_BYTE = 3;

	private ContentChecksum() {
	}

	private static int[] powers() {
		int[] powers = new int[Long.SIZE];
		powers[0] = ONE >>> 1;
		for (int i = 1; i < powers.length; i++) {
			powers[i] = multiply(powers[i - 1], powers[i - 1]);
		}
		return powers;
	}

	/**
	 * Return the checksum of everything up to some bytes, and of these.
	 * @param before the checksum of everything before the bytes
	 */
	static long of(long before, byte[] bytes, int from, int to) {
		CRC32C checksum = new CRC32C();
		checksum.update(bytes, from, to - from);
		return shifted((int) before, to - from) ^ checksum.getValue();
	}

	private static long shifted(int checksum, long length) {
		int shifted = checksum;
		int power = BITS_OF_A_BYTE;
		for (long left = length; left != 0; left >>>= 1) {
			if ((left & 1) != 0) {
				shifted = multiply(shifted, POWERS[power]);
			}
			power++;
		}
		return shifted & 0xffffffffL;
	}

	private static int multiply(int left, int right) {
		int product = 0;
		int shifted = right;
		for (int factor = left; factor != 0; factor <<= 1) {
			if (factor < 0) {
				product ^= shifted;
			}
			shifted = ((shifted & 1) != 0) ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
		}
		return product;
	}

}
