package dev.watermill.broker.file;

import java.util.Arrays;

/**
 * How the line of an element begins, by which another element is recognised where one is
 * broken.
 */
final class LineBegin {

	// What is indented further is not taken for indented: windows keep that much
	private static final int LONGEST = 1024;

	private LineBegin() {
	}

	/**
	 * Return the white space before an element and its first character.
	 * @param bytes the bytes
	 * @param start where the element begins
	 * @return what begins its line; empty if it doesn't begin a line
	 */
	static byte[] of(byte[] bytes, int start) {
		int line = start;
		while (line > 0 && start - line < LONGEST && (bytes[line - 1] == ' ' || bytes[line - 1] == '\t')) {
			line--;
		}
		// Windows begin with more than that, or where the file does
		boolean begins = line == 0 || bytes[line - 1] == '\n';
		return begins ? Arrays.copyOfRange(bytes, line, start + 1) : new byte[0];
	}

	/**
	 * Whether a line begins like that.
	 */
	static boolean follows(byte[] bytes, int line, int limit, byte[] begin) {
		int length = begin.length;
		return length > 0 && line + length <= limit && Arrays.equals(bytes, line, line + length, begin, 0, length);
	}

}
