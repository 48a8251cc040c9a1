package dev.watermill.codec.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Whether bytes are UTF-8. Jackson reads characters that are written in more bytes than
 * they take, and bytes beyond the last character, as some other character: what such a
 * text says then depends on who reads it.
 */
final class Utf8 {

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final long NO_ASCII = 0x8080808080808080L;

	private static final int LAST_TWO_BYTES = 0xdf;

	private static final int LAST_THREE_BYTES = 0xef;

	private static final int LAST_FOUR_BYTES = 0xf4;

	private Utf8() {
	}

	/**
	 * Whether all bytes are ASCII, which costs less to see of many elements at once than
	 * to look at each of them.
	 * @param bytes the bytes
	 * @param to the index behind the last of them
	 * @return {@code true} if there are no other characters
	 */
	static boolean isAscii(byte[] bytes, int to) {
		long all = 0;
		int i = 0;
		for (; i <= to - 4 * Long.BYTES; i += 4 * Long.BYTES) {
			all |= (long) LONG.get(bytes, i) | (long) LONG.get(bytes, i + Long.BYTES)
					| (long) LONG.get(bytes, i + 2 * Long.BYTES) | (long) LONG.get(bytes, i + 3 * Long.BYTES);
		}
		for (; i < to; i++) {
			all |= bytes[i];
		}
		return (all & NO_ASCII) == 0;
	}

	/**
	 * Return the first byte of what is no character.
	 * @param bytes the bytes
	 * @param from the first of them
	 * @param to the index behind the last
	 * @return its index, below zero if all is well
	 */
	static int firstInvalid(byte[] bytes, int from, int to) {
		int i = from;
		while (i < to) {
			if (i <= to - Long.BYTES && ((long) LONG.get(bytes, i) & NO_ASCII) == 0) {
				i += Long.BYTES;
			}
			else if (bytes[i] >= 0) {
				i++;
			}
			else {
				int length = lengthOf(bytes, i, to);
				if (length == 0) {
					return i;
				}
				i += length;
			}
		}
		return -1;
	}

	/**
	 * Return how many bytes a character has that is not ASCII.
	 * @return the number, 0 if it is none
	 */
	private static int lengthOf(byte[] bytes, int i, int to) {
		int first = bytes[i] & 0xff;
		int length = (first < 0xc2) ? 0
				: (first <= LAST_TWO_BYTES) ? 2 : (first <= LAST_THREE_BYTES) ? 3 : (first <= LAST_FOUR_BYTES) ? 4 : 0;
		if (length == 0 || i + length > to || !isSecond(first, bytes[i + 1] & 0xff)) {
			return 0;
		}
		for (int k = 2; k < length; k++) {
			if (!isContinuation(bytes[i + k])) {
				return 0;
			}
		}
		return length;
	}

	/**
	 * Whether a byte may follow the first one: otherwise the character takes fewer bytes,
	 * is half of a surrogate pair, or is beyond the last one.
	 */
	private static boolean isSecond(int first, int second) {
		return switch (first) {
			case 0xe0 -> second >= 0xa0 && second <= 0xbf;
			case 0xed -> second >= 0x80 && second <= 0x9f;
			case 0xf0 -> second >= 0x90 && second <= 0xbf;
			case 0xf4 -> second >= 0x80 && second <= 0x8f;
			default -> second >= 0x80 && second <= 0xbf;
		};
	}

	private static boolean isContinuation(byte value) {
		return (value & 0xc0) == 0x80;
	}

	/**
	 * Say what is wrong with bytes that are no character.
	 * @param bytes the bytes
	 * @param at what {@link #firstInvalid} returned
	 * @param to the index behind the last byte
	 * @return a sentence without a full stop
	 */
	static String problem(byte[] bytes, int at, int to) {
		int end = at + 1;
		while (end < to && end - at < Integer.BYTES && isContinuation(bytes[end])) {
			end++;
		}
		String found = HexFormat.ofDelimiter(" ").formatHex(bytes, at, end);
		int first = bytes[at] & 0xff;
		int second = (end > at + 1) ? bytes[at + 1] & 0xff : 0;
		boolean overlong = first == 0xc0 || first == 0xc1 || (first == 0xe0 && second < 0xa0)
				|| (first == 0xf0 && second < 0x90);
		return "Not UTF-8: found " + found
				+ (overlong ? ", a character in more bytes than it takes" : ", which is no character");
	}

}
