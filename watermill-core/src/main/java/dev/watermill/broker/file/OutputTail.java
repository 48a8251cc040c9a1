package dev.watermill.broker.file;

import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * The last bytes of a file that is being written, as far as a checksum covers them.
 */
final class OutputTail {

	private final byte[] bytes = new byte[TailChecksum.LENGTH];

	private int count;

	/**
	 * Read the bytes before the end that a file is going to have.
	 */
	void read(RandomAccessFile file, long end) throws IOException {
		this.count = TailChecksum.length(end);
		file.seek(end - this.count);
		file.readFully(this.bytes, 0, this.count);
	}

	void add(byte[] added, int offset, int length) {
		int taken = Math.min(length, this.bytes.length);
		int kept = Math.min(this.count, this.bytes.length - taken);
		System.arraycopy(this.bytes, this.count - kept, this.bytes, 0, kept);
		System.arraycopy(added, offset + length - taken, this.bytes, kept, taken);
		this.count = kept + taken;
	}

	long checksum() {
		return TailChecksum.of(this.bytes, this.count);
	}

}
