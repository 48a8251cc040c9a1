package dev.watermill.broker.file;

import java.util.zip.CRC32C;

/**
 * The checksum of the last bytes before a position: tells whether a file has changed
 * there.
 */
final class TailChecksum {

	static final int LENGTH = 4096;

	private TailChecksum() {
	}

	/**
	 * Return how many bytes before an offset are covered.
	 */
	static int length(long offset) {
		return (int) Math.min(LENGTH, offset);
	}

	static long of(byte[] bytes, int end) {
		int from = Math.max(0, end - LENGTH);
		CRC32C checksum = new CRC32C();
		checksum.update(bytes, from, end - from);
		return checksum.getValue();
	}

}
