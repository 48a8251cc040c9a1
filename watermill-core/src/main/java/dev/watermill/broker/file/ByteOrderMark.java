package dev.watermill.broker.file;

import dev.watermill.broker.BrokerException;
import dev.watermill.codec.internal.ForeignBytes;

/**
 * What may stand before all else in a file: nothing, the mark of UTF-8, or that of an
 * encoding that is not read.
 */
final class ByteOrderMark {

	static final byte FIRST = (byte) 0xef;

	static final int LENGTH = 3;

	static final int LONGEST_SIGNATURE = 16;

	private ByteOrderMark() {
	}

	/**
	 * Return where the content begins from the mark of a buffer on.
	 */
	static int skip(ReadBuffer buffer, BoundFile file) {
		int mark = buffer.mark();
		if (!buffer.isAtStart() || buffer.limit() < 2) {
			return mark;
		}
		byte[] bytes = buffer.bytes();
		requireJson(bytes, mark, buffer.limit(), file);
		boolean utf8 = buffer.limit() - mark >= LENGTH && bytes[mark] == FIRST && (bytes[mark + 1] & 0xff) == 0xbb
				&& (bytes[mark + 2] & 0xff) == 0xbf;
		return utf8 ? mark + LENGTH : mark;
	}

	/**
	 * Refuse a file that as a whole is something else, whatever is done about single
	 * elements.
	 */
	static void requireJson(byte[] bytes, int from, int to, BoundFile file) {
		ForeignBytes foreign = ForeignBytes.recognise(bytes, from, Math.min(to, from + LONGEST_SIGNATURE));
		if (foreign == null || !foreign.isContainer()) {
			return;
		}
		boolean packed = String.valueOf(file.path().getFileName()).endsWith(".gz");
		throw new BrokerException("Stream '" + file.stream() + "': the file " + file.path() + " holds "
				+ (packed ? "within its gzip format " : "") + foreign + ". Expected JSON in UTF-8. "
				+ switch (foreign) {
					case GZIP -> packed ? "Unpack it once." : "Name it " + file.path().getFileName() + ".gz.";
					case UTF_16, UTF_32 ->
						"Convert it, for example with iconv -f " + foreign.name().replace('_', '-') + " -t UTF-8.";
					default -> "Unpack or convert it, or give the stream a deserializer.";
				});
	}

}
