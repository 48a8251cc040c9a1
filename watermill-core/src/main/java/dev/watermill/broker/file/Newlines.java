package dev.watermill.broker.file;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds line breaks, eight bytes at a time.
 */
final class Newlines {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long ONES = 0x0101010101010101L;

	private static final long HIGHS = 0x8080808080808080L;

	private static final long PATTERN = ONES * '\n';

	private Newlines() {
	}

	/**
	 * Return the index of the next line break.
	 * @return the index, or {@code to} if there is none before it
	 */
	static int next(byte[] bytes, int from, int to) {
		int i = from;
		for (; i <= to - Long.BYTES; i += Long.BYTES) {
			long found = matches((long) LONGS.get(bytes, i));
			if (found != 0) {
				return i + (Long.numberOfTrailingZeros(found) >>> 3);
			}
		}
		while (i < to && bytes[i] != '\n') {
			i++;
		}
		return i;
	}

	/**
	 * Return how many line breaks there are.
	 */
	static int count(byte[] bytes, int from, int to) {
		int count = 0;
		int i = from;
		for (; i <= to - Long.BYTES; i += Long.BYTES) {
			count += Long.bitCount(matches((long) LONGS.get(bytes, i)));
		}
		for (; i < to; i++) {
			if (bytes[i] == '\n') {
				count++;
			}
		}
		return count;
	}

	/**
	 * Set the high bit of exactly those bytes that are line breaks.
	 */
	private static long matches(long word) {
		long zeros = word ^ PATTERN;
		return ~(((zeros & ~HIGHS) + ~HIGHS) | zeros | ~HIGHS);
	}

}
