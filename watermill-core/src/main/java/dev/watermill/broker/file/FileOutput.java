package dev.watermill.broker.file;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;

/**
 * The end of a file that is being written, through one buffer. A compressed file has a
 * member for what was written between two flushes, so that it can be cut back to each.
 * <p>
 * No channel is used here, since interrupting a thread would close it.
 */
final class FileOutput extends OutputStream {

	private final RandomAccessFile file;

	private final OutputLock lock;

	private final OutputTail tail = new OutputTail();

	private final boolean gzip;

	private final boolean fsync;

	private final byte[] buffer = new byte[64 * 1024];

	private int buffered;

	private long length;

	private @Nullable OutputStream member;

	/**
	 * Open a file and cut it.
	 * @param path the file, created if it doesn't exist
	 * @param lock is held while it is cut or written
	 * @param length what to leave of it
	 * @param gzip whether to compress
	 * @param fsync whether a flush waits for the disk
	 */
	FileOutput(Path path, OutputLock lock, long length, boolean gzip, boolean fsync) throws IOException {
		this.file = new RandomAccessFile(path.toFile(), "rw");
		this.lock = lock;
		this.gzip = gzip;
		this.fsync = fsync;
		this.length = length;
		try {
			lock.write(() -> cut(length));
		}
		catch (IOException | RuntimeException ex) {
			this.file.close();
			throw ex;
		}
	}

	private void cut(long to) throws IOException {
		if (this.file.length() != to) {
			this.file.setLength(to);
		}
		this.tail.read(this.file, to);
		this.file.seek(to);
	}

	/**
	 * Return the checksum of the last bytes, as of the last flush.
	 */
	long tailChecksum() {
		return this.tail.checksum();
	}

	/**
	 * Return how long the file is, as of the last flush.
	 */
	long length() {
		return this.length;
	}

	@Override
	public void write(int value) throws IOException {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int count) throws IOException {
		if (!this.gzip) {
			append(bytes, offset, count);
			return;
		}
		if (this.member == null) {
			this.member = new GZIPOutputStream(new MemberOutput(), 16 * 1024);
		}
		this.member.write(bytes, offset, count);
	}

	private void append(byte[] bytes, int offset, int count) throws IOException {
		if (count > this.buffer.length - this.buffered) {
			empty();
		}
		if (count > this.buffer.length) {
			bring(bytes, offset, count);
		}
		else {
			System.arraycopy(bytes, offset, this.buffer, this.buffered, count);
			this.buffered += count;
		}
		this.length += count;
	}

	private void empty() throws IOException {
		if (this.buffered > 0) {
			bring(this.buffer, 0, this.buffered);
			this.buffered = 0;
		}
	}

	private void bring(byte[] bytes, int offset, int count) throws IOException {
		this.lock.write(() -> this.file.write(bytes, offset, count));
		this.tail.add(bytes, offset, count);
	}

	/**
	 * Does nothing, since what uses this flushes as it likes: see {@link #commit()}.
	 */
	@Override
	public void flush() {
	}

	/**
	 * Bring everything to the file. From here on it is whole as it is.
	 * @return the length of the file
	 */
	long commit() throws IOException {
		endMember();
		empty();
		if (this.fsync) {
			this.file.getFD().sync();
		}
		return this.length;
	}

	/**
	 * Make a compressed file without content one that is whole.
	 */
	void endEmpty() throws IOException {
		if (this.gzip && this.length == 0 && this.member == null) {
			write(new byte[0], 0, 0);
		}
	}

	private void endMember() throws IOException {
		OutputStream ended = this.member;
		this.member = null;
		if (ended != null) {
			ended.close();
		}
	}

	@Override
	public void close() throws IOException {
		this.file.close();
	}

	/**
	 * Lets a member be closed without closing the file.
	 */
	private final class MemberOutput extends OutputStream {

		@Override
		public void write(int value) throws IOException {
			append(new byte[] { (byte) value }, 0, 1);
		}

		@Override
		public void write(byte[] bytes, int offset, int count) throws IOException {
			append(bytes, offset, count);
		}

	}

}
