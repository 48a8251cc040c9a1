package dev.watermill.broker.file;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

import dev.watermill.broker.lock.internal.OutputLock;
import org.jspecify.annotations.Nullable;

/**
 * The end of a file that is being written, through one buffer. A compressed file can be
 * cut back to each flush, too, although its members span many of them.
 * <p>
 * No channel is used here, since interrupting a thread would close it.
 */
final class FileOutput extends OutputStream {

	private final Path path;

	private final RandomAccessFile file;

	private final OutputLock lock;

	/** Which file was opened, {@code null} where the system does not tell. */
	private final @Nullable Object key;

	private final boolean regular;

	/** Whether somebody else made the file shorter. */
	private boolean cutShort;

	private final OutputTail tail = new OutputTail();

	private final boolean gzip;

	private final boolean fsync;

	private final byte[] buffer = new byte[64 * 1024];

	private int buffered;

	private long length;

	private @Nullable GzipMember member;

	// The member that an earlier run left open
	private GzipMember.@Nullable Open left;

	// What the file is as of the last flush
	private long flushed;

	private GzipMember.@Nullable Open flushedMember;

	private boolean closed;

	/**
	 * Open a file and cut it.
	 * @param path the file, created if it doesn't exist
	 * @param lock is held while it is cut or written
	 * @param length what to leave of it
	 * @param open the member that is open there, {@code null} for none
	 * @param gzip whether to compress
	 * @param fsync whether a flush waits for the disk
	 */
	FileOutput(Path path, OutputLock lock, long length, GzipMember.@Nullable Open open, boolean gzip, boolean fsync)
			throws IOException {
		this.path = path;
		this.file = new RandomAccessFile(path.toFile(), "rw");
		this.lock = lock;
		this.gzip = gzip;
		this.fsync = fsync;
		this.length = length;
		this.left = open;
		this.flushed = length;
		this.flushedMember = open;
		try {
			BasicFileAttributes opened = Files.readAttributes(path, BasicFileAttributes.class);
			this.key = opened.fileKey();
			this.regular = opened.isRegularFile();
			lock.write(() -> cut(length));
		}
		catch (IOException | RuntimeException ex) {
			this.file.close();
			throw ex;
		}
	}

	/**
	 * Whether all that was flushed is in the file that has the name: nobody has removed,
	 * replaced or cut it.
	 */
	boolean isThere() throws IOException {
		try {
			BasicFileAttributes found = Files.readAttributes(this.path, BasicFileAttributes.class);
			return !this.cutShort && Objects.equals(found.fileKey(), this.key)
					&& (!this.regular || found.size() >= this.flushed);
		}
		catch (NoSuchFileException ex) {
			return false;
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
			endMember();
			this.member = new GzipMember(this::append);
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
		this.lock.write(() -> {
			// one that somebody cut would have a hole then
			this.cutShort |= this.regular && this.file.length() < this.file.getFilePointer();
			this.file.write(bytes, offset, count);
		});
		this.tail.add(bytes, offset, count);
	}

	/**
	 * Does nothing, since what uses this flushes as it likes: see {@link #commit()}.
	 */
	@Override
	public void flush() {
	}

	/**
	 * Bring everything to the file.
	 * @param whole whether a compressed file has to be whole as it is
	 * @return the length of the file
	 */
	long commit(boolean whole) throws IOException {
		if (whole) {
			endMember();
		}
		else if (this.member != null) {
			this.left = this.member.flush();
		}
		empty();
		if (this.fsync) {
			this.file.getFD().sync();
		}
		this.flushed = this.length;
		this.flushedMember = this.left;
		return this.length;
	}

	/**
	 * Return the member that is open as of the last flush.
	 */
	GzipMember.@Nullable Open openMember() {
		return this.flushedMember;
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
		GzipMember ended = this.member;
		GzipMember.Open open = this.left;
		this.member = null;
		this.left = null;
		if (ended != null) {
			ended.end();
		}
		else if (open != null) {
			byte[] end = open.end();
			append(end, 0, end.length);
		}
	}

	@Override
	public void close() throws IOException {
		if (this.closed) {
			return;
		}
		this.closed = true;
		try (this.file) {
			if (this.member != null) {
				this.member.close();
			}
			GzipMember.Open open = this.flushedMember;
			if (open != null) {
				// for others who read it meanwhile; going on takes it back
				this.lock.write(() -> {
					this.file.setLength(this.flushed);
					this.file.seek(this.flushed);
					this.file.write(open.end());
				});
			}
		}
	}

}
