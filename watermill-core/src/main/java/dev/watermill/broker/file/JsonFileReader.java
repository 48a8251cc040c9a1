package dev.watermill.broker.file;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.Function;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamReader;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file forward, a buffer at a time. It waits for pipes only: a file is all there.
 *
 * @param <T> the type of the elements
 */
final class JsonFileReader<T> implements StreamReader<T> {

	// How much of a stretch without elements is passed before anybody is asked
	private static final long PATIENCE = 16 * 1024 * 1024;

	private final BoundFile file;

	private final FileIdentity identity;

	private final ElementFormat format;

	private final ReadBuffer buffer;

	private final @Nullable FileProgress progress;

	// What stands before the buffer's mark
	private long count;

	private long line;

	private int taken;

	private int expected = 16;

	private boolean over;

	private boolean anew;

	// Where reading begins for the first element, if something of it was passed
	private @Nullable FilePosition begin;

	// How many line breaks stand before the element of which something was passed
	private long beginLine = FileBatch.UNKNOWN;

	private JsonFileReader(BoundFile file, ElementFormat format, ReadBuffer buffer, @Nullable FileProgress progress,
			FilePosition from, boolean anew) {
		this.file = file;
		this.identity = FileIdentity.of(file);
		this.format = format;
		this.buffer = buffer;
		this.progress = progress;
		this.taken = buffer.mark();
		this.count = from.count();
		this.line = from.line();
		this.anew = anew;
	}

	/**
	 * Open a file.
	 * @param from where to read from
	 * @param anew whether this is not what was read before
	 * @param chunkSize how many bytes are read at once
	 * @param longest how many bytes have to be seen at once at most
	 * @param changed makes the failure that what stands before is not what was read, from
	 * what shows it
	 */
	static <T> JsonFileReader<T> open(BoundFile file, ElementFormat format, FilePosition from, boolean anew,
			int chunkSize, int longest, Function<String, BrokerException> changed) {
		file.requireReadable();
		int tailLength = TailChecksum.length(from.offset());
		InputStream in = null;
		try {
			FileInputStream raw = new FileInputStream(file.path().toFile());
			in = raw;
			if (file.format().gzip()) {
				in = new GzipMembers(in);
			}
			byte[] tail = new byte[0];
			if (pass(in, from.offset() - tailLength)) {
				tail = in.readNBytes(tailLength);
			}
			if (tail.length < tailLength || TailChecksum.of(tail, tail.length) != from.checksum()) {
				throw changed
					.apply("expected the same " + ((tail.length < tailLength) ? "length" : "content") + " as before");
			}
			ReadBuffer buffer = new ReadBuffer(in, from.offset(), tail, from.content(), chunkSize, longest);
			return new JsonFileReader<>(file, format, buffer, new FileProgress(raw.getChannel()), from, anew);
		}
		catch (IOException ex) {
			close(in);
			throw file.unreadable(ex);
		}
		catch (RuntimeException ex) {
			close(in);
			throw ex;
		}
	}

	/**
	 * Read what comes out of a pipe.
	 */
	static <T> JsonFileReader<T> ofPipe(BoundFile file, ElementFormat format, PipeInput in, boolean anew, int chunkSize,
			int longest) {
		ReadBuffer buffer = new ReadBuffer(in, 0, new byte[0], ContentChecksum.NOTHING, chunkSize, longest);
		return new JsonFileReader<>(file, format, buffer, null, FilePosition.start(), anew);
	}

	private static boolean pass(InputStream in, long length) throws IOException {
		if (in instanceof FileInputStream plain) {
			if (length > 0) {
				plain.getChannel().position(length);
			}
			return true;
		}
		byte[] passed = new byte[64 * 1024];
		long left = length;
		while (left > 0) {
			int count = in.read(passed, 0, (int) Math.min(passed.length, left));
			if (count < 0) {
				return false;
			}
			left -= count;
		}
		return true;
	}

	@Override
	public Batch<T> read(Duration timeout) throws InterruptedException {
		if (!this.over && !this.buffer.await(timeout)) {
			return batch(new Elements(this.taken, 0));
		}
		long deadline = System.nanoTime() + timeout.toNanos();
		long passedUntil = this.buffer.origin() + this.buffer.limit() + PATIENCE;
		this.buffer.advance(this.taken);
		this.buffer.readStart(ByteOrderMark.LONGEST_SIGNATURE);
		this.taken = this.buffer.mark();
		Elements elements = new Elements(this.taken, this.expected);
		try {
			this.over = this.over || this.format.read(this.buffer, elements);
			while (!this.over && elements.size() == 0) {
				if (this.buffer.isDrained()) {
					return batch(new Elements(this.taken, 0));
				}
				pass(elements);
				if (this.buffer.origin() + this.buffer.mark() > passedUntil && System.nanoTime() - deadline >= 0) {
					// A long stretch without an element: whoever asks may want to stop
					return batch(new Elements(this.taken, 0));
				}
				elements = new Elements(this.taken, this.expected);
				this.over = this.format.read(this.buffer, elements);
			}
			return batch(elements);
		}
		catch (IOException ex) {
			throw this.file.unreadable(this.count, ex);
		}
	}

	/**
	 * Look further into the file, without what was passed.
	 */
	private void pass(Elements elements) throws IOException {
		this.buffer.requireMore();
		int passed = elements.passed();
		if (passed == this.taken) {
			this.buffer.extend();
			return;
		}
		byte[] bytes = this.buffer.bytes();
		if (this.begin == null) {
			this.begin = FilePosition.at(this.buffer, this.count, this.line);
		}
		if (elements.passedStart() >= 0) {
			this.beginLine = this.line + Newlines.count(bytes, this.taken, elements.passedStart());
		}
		this.line += Newlines.count(bytes, this.taken, passed);
		this.buffer.advance(passed);
		this.taken = this.buffer.mark();
	}

	private Batch<T> batch(Elements elements) {
		FileBatch<T> batch = new FileBatch<>(this.file, this.identity, this.buffer, elements, this.count, this.line,
				this.begin, this.beginLine, this.over ? Batch.Status.ENDED : Batch.Status.OPEN, this.anew);
		this.anew = false;
		if (elements.size() > 0) {
			this.begin = null;
			this.beginLine = FileBatch.UNKNOWN;
		}
		this.line += Newlines.count(this.buffer.bytes(), this.taken, elements.end());
		this.taken = elements.end();
		this.count += elements.size();
		this.expected = elements.size() + elements.size() / 16 + 1;
		return batch;
	}

	@Override
	public OptionalDouble progress(Position position) {
		return (this.progress != null) ? this.progress.before(position, this.buffer.origin() + this.buffer.limit())
				: OptionalDouble.empty();
	}

	@Override
	public void close() {
		close(this.buffer.source());
	}

	private static void close(@Nullable InputStream in) {
		try {
			if (in != null) {
				in.close();
			}
		}
		catch (IOException ex) {
			// Nothing is lost by it
		}
	}

}
