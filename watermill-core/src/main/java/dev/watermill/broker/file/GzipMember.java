package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A member of a compressed file while it is written. It spans many flushes, so that what
 * comes in small pieces is compressed as a whole. After a flush it can be cut there and
 * ended by whoever knows its {@link Open state} at that moment: the compressor has
 * brought all it had, up to a full byte.
 */
final class GzipMember implements AutoCloseable {

	// the magic number, deflate, no flags, no time, no extra flags, an unknown system
	private static final byte[] HEADER = { 0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff };

	private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);

	private final CRC32 checksum = new CRC32();

	private final byte[] compressed = new byte[16 * 1024];

	private final Appender out;

	/**
	 * Begin a member.
	 * @param out takes the compressed bytes
	 */
	GzipMember(Appender out) throws IOException {
		this.out = out;
		out.append(HEADER, 0, HEADER.length);
	}

	void write(byte[] bytes, int offset, int count) throws IOException {
		this.checksum.update(bytes, offset, count);
		this.deflater.setInput(bytes, offset, count);
		while (!this.deflater.needsInput()) {
			deflate(Deflater.NO_FLUSH);
		}
	}

	/**
	 * Bring everything that was written.
	 * @return what has to be known to end the member here
	 */
	Open flush() throws IOException {
		int count;
		do {
			count = deflate(Deflater.SYNC_FLUSH);
		}
		while (count == this.compressed.length);
		return new Open(this.checksum.getValue(), this.deflater.getBytesRead() & 0xffffffffL);
	}

	/**
	 * End the member.
	 */
	void end() throws IOException {
		this.deflater.finish();
		while (!this.deflater.finished()) {
			deflate(Deflater.NO_FLUSH);
		}
		byte[] trailer = trailer(this.checksum.getValue(), this.deflater.getBytesRead());
		this.out.append(trailer, 0, trailer.length);
		close();
	}

	private int deflate(int mode) throws IOException {
		int count = this.deflater.deflate(this.compressed, 0, this.compressed.length, mode);
		this.out.append(this.compressed, 0, count);
		return count;
	}

	private static byte[] trailer(long checksum, long size) {
		return ByteBuffer.allocate(2 * Integer.BYTES)
			.order(ByteOrder.LITTLE_ENDIAN)
			.putInt((int) checksum)
			.putInt((int) size)
			.array();
	}

	@Override
	public void close() {
		this.deflater.end();
	}

	/**
	 * A member that was flushed but not ended.
	 *
	 * @param checksum the checksum of what is in it
	 * @param size the number of bytes in it, uncompressed, as far as 32 bits tell
	 */
	record Open(long checksum, long size) {

		/**
		 * What stands behind a flush to end the member: an empty last block, and the
		 * trailer.
		 */
		byte[] end() {
			byte[] trailer = trailer(this.checksum, this.size);
			byte[] end = new byte[2 + trailer.length];
			// the bits 1 (the last block), 01 (fixed codes), 0000000 (its end)
			end[0] = 3;
			System.arraycopy(trailer, 0, end, 2, trailer.length);
			return end;
		}

	}

	/**
	 * Takes compressed bytes.
	 */
	interface Appender {

		void append(byte[] bytes, int offset, int count) throws IOException;

	}

}
