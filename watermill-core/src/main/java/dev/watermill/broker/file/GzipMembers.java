package dev.watermill.broker.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads the members of a gzip file as one stream. Unlike
 * {@link java.util.zip.GZIPInputStream} it takes nothing behind a member for the end but
 * the end and zeros: a file cut off anywhere, or followed by something else, is told.
 */
final class GzipMembers extends InputStream {

	private static final int MAGIC = 0x8b1f;

	private static final int HAS_CRC = 2;

	private static final int HAS_EXTRA = 4;

	private static final int HAS_NAME = 8;

	private static final int HAS_COMMENT = 16;

	private final InputStream in;

	private final Inflater inflater = new Inflater(true);

	private final CRC32 crc = new CRC32();

	private final byte[] buffer = new byte[32 * 1024];

	private int next;

	private int limit;

	private boolean begun;

	private boolean inMember;

	GzipMembers(InputStream in) {
		this.in = in;
	}

	@Override
	public int read() throws IOException {
		byte[] single = new byte[1];
		return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
	}

	@Override
	public int read(byte[] into, int offset, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		while (this.inMember || beginMember()) {
			int count = inflate(into, offset, length);
			if (count > 0) {
				this.crc.update(into, offset, count);
				return count;
			}
			if (this.inflater.finished()) {
				endMember();
			}
			else if (this.inflater.needsDictionary()) {
				throw new ZipException("it needs a dictionary, which gzip has not");
			}
			else {
				require();
				this.inflater.setInput(this.buffer, this.next, this.limit - this.next);
				this.next = this.limit;
			}
		}
		return -1;
	}

	private int inflate(byte[] into, int offset, int length) throws ZipException {
		try {
			return this.inflater.inflate(into, offset, length);
		}
		catch (DataFormatException ex) {
			throw new ZipException("its compressed data is damaged: " + ex.getMessage());
		}
	}

	private boolean beginMember() throws IOException {
		if (!this.begun) {
			// Not even one member is no compressed file
			require();
		}
		else if (!passZeros()) {
			return false;
		}
		if (twoBytes() != MAGIC || oneByte() != 8) {
			throw this.begun ? new ZipException("something else stands behind its compressed data")
					: new WrongFormatException("it is not in gzip format, of which .gz at the end of its name tells");
		}
		this.begun = true;
		int flags = oneByte();
		pass(6);
		if ((flags & HAS_EXTRA) != 0) {
			pass(twoBytes());
		}
		if ((flags & HAS_NAME) != 0) {
			passText();
		}
		if ((flags & HAS_COMMENT) != 0) {
			passText();
		}
		if ((flags & HAS_CRC) != 0) {
			pass(2);
		}
		this.inflater.reset();
		this.crc.reset();
		this.inMember = true;
		return true;
	}

	/**
	 * Pass over zeros behind a member, with which tapes and block devices fill up.
	 * @return whether something else follows
	 */
	private boolean passZeros() throws IOException {
		while (refill()) {
			if (this.buffer[this.next] != 0) {
				return true;
			}
			this.next++;
		}
		return false;
	}

	private void endMember() throws IOException {
		this.next = this.limit - this.inflater.getRemaining();
		long checksum = twoBytes() | ((long) twoBytes() << 16);
		long size = twoBytes() | ((long) twoBytes() << 16);
		if (checksum != this.crc.getValue() || size != (this.inflater.getBytesWritten() & 0xffffffffL)) {
			throw new ZipException("its compressed data is damaged: the checksum does not match");
		}
		this.inMember = false;
	}

	private void passText() throws IOException {
		while (oneByte() != 0) {
			continue;
		}
	}

	private void pass(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			oneByte();
		}
	}

	private int twoBytes() throws IOException {
		int low = oneByte();
		return low | (oneByte() << 8);
	}

	private int oneByte() throws IOException {
		require();
		return this.buffer[this.next++] & 0xff;
	}

	private void require() throws IOException {
		if (!refill()) {
			throw new EOFException("it ends in the middle of its compressed data");
		}
	}

	private boolean refill() throws IOException {
		if (this.next == this.limit) {
			this.next = 0;
			this.limit = Math.max(0, this.in.read(this.buffer));
		}
		return this.next < this.limit;
	}

	@Override
	public void close() throws IOException {
		this.inflater.end();
		this.in.close();
	}

}
