package dev.watermill.broker.file;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The part of a file that is being read:
 *
 * <pre>
 *     | tail: up to 4 KiB that were read | read, not yet taken |      |
 *     0                                 mark                limit  length
 * </pre>
 *
 * The array is never written again once a batch was taken from it, so a batch can keep
 * it.
 */
final class ReadBuffer {

	private final InputStream in;

	private final int chunkSize;

	private final int longest;

	private byte[] bytes;

	private int mark;

	private int limit;

	// The offset in the uncompressed file of the first byte of the array
	private long origin;

	// The checksum of everything before the mark
	private long content;

	private boolean atEnd;

	private @Nullable IOException problem;

	/**
	 * Create a buffer.
	 * @param in what stands behind the tail
	 * @param offset the offset behind the tail
	 * @param tail the last bytes before it, as many as checksums cover
	 * @param content the checksum of everything before the offset
	 * @param chunkSize how many bytes are read at once
	 * @param longest how many bytes have to be seen at once at most
	 */
	ReadBuffer(InputStream in, long offset, byte[] tail, long content, int chunkSize, int longest) {
		this.in = in;
		this.chunkSize = chunkSize;
		this.longest = longest;
		this.bytes = tail;
		this.mark = tail.length;
		this.limit = tail.length;
		this.origin = offset - tail.length;
		this.content = content;
	}

	/**
	 * Return a buffer of some bytes, of which nothing is read any more.
	 */
	static ReadBuffer of(byte[] bytes) {
		return new ReadBuffer(InputStream.nullInputStream(), bytes.length, bytes, ContentChecksum.NOTHING, 1,
				bytes.length);
	}

	byte[] bytes() {
		return this.bytes;
	}

	/**
	 * The index of the first byte that was not taken yet.
	 */
	int mark() {
		return this.mark;
	}

	int limit() {
		return this.limit;
	}

	long origin() {
		return this.origin;
	}

	/**
	 * The checksum of everything before the mark.
	 */
	long content() {
		return this.content;
	}

	/**
	 * Whether nothing stands behind the limit.
	 */
	boolean isAtEnd() {
		return this.atEnd;
	}

	/**
	 * Whether the buffer begins where the file does.
	 */
	boolean isAtStart() {
		return this.origin + this.mark == 0;
	}

	/**
	 * Take everything before an index, and read on in an array of its own.
	 */
	void advance(int taken) {
		this.content = ContentChecksum.of(this.content, this.bytes, this.mark, taken);
		this.mark = taken;
		int from = Math.max(0, taken - TailChecksum.LENGTH);
		move(from, this.limit - from + ((this.atEnd || this.problem != null) ? 0 : this.chunkSize));
		fill();
	}

	/**
	 * Read more without taking anything.
	 */
	void extend() {
		int untaken = this.limit - this.mark;
		int enough = Math.max(0, this.longest - untaken);
		move(0, this.limit + Math.max(Math.min(untaken, enough), this.chunkSize));
		fill();
	}

	/**
	 * Read the first bytes of the file, so that what it is does not depend on how much is
	 * read at once; of a pipe as many as are there.
	 */
	void readStart(int length) {
		while (isAtStart() && this.limit - this.mark < length && !this.atEnd && this.problem == null && !isDrained()) {
			extend();
		}
	}

	/**
	 * Wait until more can be read, or nothing more will come.
	 * @return {@code false} if there is nothing after all this time
	 */
	boolean await(Duration timeout) throws InterruptedException {
		return this.atEnd || !(this.in instanceof PipeInput pipe) || pipe.await(timeout);
	}

	/**
	 * Whether reading more would have to wait: a file is all there, a pipe is not.
	 */
	boolean isDrained() {
		return !this.atEnd && this.in instanceof PipeInput pipe && pipe.isDrained();
	}

	/**
	 * Require that the file goes on behind the limit as far as is known. What is damaged
	 * or cut off only further on is reported once all before it was taken.
	 * @throws IOException if nothing more can be read
	 */
	void requireMore() throws IOException {
		if (this.problem != null) {
			throw this.problem;
		}
	}

	private void move(int from, int length) {
		byte[] moved = new byte[length];
		System.arraycopy(this.bytes, from, moved, 0, this.limit - from);
		this.bytes = moved;
		this.mark -= from;
		this.limit -= from;
		this.origin += from;
	}

	private void fill() {
		try {
			while (!this.atEnd && this.problem == null && this.limit < this.bytes.length && !isDrained()) {
				int count = this.in.read(this.bytes, this.limit, this.bytes.length - this.limit);
				this.atEnd = count < 0;
				this.limit += Math.max(count, 0);
			}
		}
		catch (IOException ex) {
			this.problem = ex;
		}
	}

	/**
	 * Return a copy of some bytes without the white space around them.
	 */
	byte[] copy(int from, int to) {
		int start = WhiteSpace.skip(this.bytes, from, to);
		int end = to;
		while (end > start && WhiteSpace.is(this.bytes[end - 1])) {
			end--;
		}
		return Arrays.copyOfRange(this.bytes, start, end);
	}

	InputStream source() {
		return this.in;
	}

}
