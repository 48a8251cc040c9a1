package dev.watermill.broker.file;

import dev.watermill.broker.BrokerException;

/**
 * What may stand before all else in a file: nothing, the mark of UTF-8, or that of an
 * encoding that is not read.
 */
final class ByteOrderMark {

	static final byte FIRST = (byte) 0xef;

	static final int LENGTH = 3;

	private ByteOrderMark() {
	}

	/**
	 * Return where the content begins from the mark of a window on.
	 */
	static int skip(Window window, BoundFile file) {
		int mark = window.mark();
		if (!window.isAtStart() || window.limit() < 2) {
			return mark;
		}
		byte[] bytes = window.bytes();
		int first = ((bytes[mark] & 0xff) << 8) | (bytes[mark + 1] & 0xff);
		if (first == 0xfeff || first == 0xfffe) {
			throw new BrokerException("Stream '" + file.stream() + "': the file " + file.path()
					+ " is in UTF-16. Expected UTF-8. Convert it, for example with iconv -f UTF-16 -t UTF-8.");
		}
		boolean utf8 = first == 0xefbb && window.limit() > 2 && (bytes[mark + 2] & 0xff) == 0xbf;
		return utf8 ? mark + LENGTH : mark;
	}

}
