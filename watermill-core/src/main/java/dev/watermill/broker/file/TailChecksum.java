package dev.watermill.broker.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
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

	/**
	 * Return the checksum of what a file has before an offset, which it must reach.
	 */
	static long before(Path file, long offset) throws IOException {
		OutputTail tail = new OutputTail();
		try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
			tail.read(in, offset);
		}
		return tail.checksum();
	}

	static long of(byte[] bytes, int end) {
		int from = Math.max(0, end - LENGTH);
		CRC32C checksum = new CRC32C();
		checksum.update(bytes, from, end - from);
		return checksum.getValue();
	}

}
