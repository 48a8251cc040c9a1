package dev.watermill.broker.file;

/**
 * What JSON takes for white space.
 */
final class WhiteSpace {

	/**
	 * What begins a text in a JSON text sequence, RFC 7464.
	 */
	static final byte RECORD_SEPARATOR = 0x1e;

	private WhiteSpace() {
	}

	static boolean is(byte value) {
		return value == ' ' || value == '\n' || value == '\r' || value == '\t';
	}

	/**
	 * Return the index of the first byte that is none.
	 * @return the index, or {@code to} if there is no such byte before it
	 */
	static int skip(byte[] bytes, int from, int to) {
		int i = from;
		while (i < to && is(bytes[i])) {
			i++;
		}
		return i;
	}

}
