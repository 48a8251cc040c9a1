package dev.watermill.broker.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Reads a named pipe, or whatever else hands bytes over rather than to keep them. Opening
 * one waits for a writer, reading it for bytes, and nothing can interrupt the first; so a
 * thread of its own does both, and whoever reads here waits no longer than it likes. What
 * is compressed is unpacked on that thread too. Apart from {@link #close()} this is used
 * by one thread.
 */
final class PipeInput extends InputStream {

	private static final int CHUNK = 64 * 1024;

	private static final byte[] END = new byte[0];

	private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

	private final Path path;

	private final boolean gzip;

	private final Thread thread;

	// Two chunks ahead at most: who writes waits for who reads
	private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(2);

	private byte[] chunk = END;

	private int next;

	private boolean ended;

	private volatile boolean closed;

	private volatile boolean opened;

	private volatile boolean begun;

	private volatile @Nullable FileChannel channel;

	private volatile @Nullable IOException problem;

	private PipeInput(Path path, boolean gzip, String stream) {
		this.path = path;
		this.gzip = gzip;
		this.thread = new Thread(null, this::pump, "pipe-" + stream, 0, false);
		this.thread.setDaemon(true);
	}

	/**
	 * Open a pipe. Returns at once.
	 * @throws BrokerException if it is open already: each of two who read it would miss
	 * what the other gets
	 */
	static PipeInput open(BoundFile file) {
		Path path = file.resource();
		if (!OPEN.add(path)) {
			throw file.failure("is a pipe that another stream reads, and each would miss what the other one gets. "
					+ "Give each stream a pipe of its own, or put it into a file.", null);
		}
		PipeInput input = new PipeInput(path, file.format().gzip(), file.stream());
		input.thread.start();
		return input;
	}

	private void pump() {
		try (FileChannel source = FileChannel.open(this.path, StandardOpenOption.READ)) {
			this.channel = source;
			this.opened = true;
			InputStream in = Channels.newInputStream(source);
			copy(this.gzip ? new GzipMembers(in) : in);
		}
		catch (IOException ex) {
			this.problem = ex;
		}
		catch (InterruptedException ex) {
			// closed: nobody waits for the end
			return;
		}
		finally {
			this.opened = true;
		}
		end();
	}

	private void copy(InputStream in) throws IOException, InterruptedException {
		byte[] buffer = new byte[CHUNK];
		while (!this.closed) {
			int count = in.read(buffer, 0, buffer.length);
			if (count < 0) {
				return;
			}
			if (count > 0) {
				this.begun = true;
				this.chunks.put(Arrays.copyOf(buffer, count));
			}
		}
	}

	private void end() {
		try {
			this.chunks.put(END);
		}
		catch (InterruptedException ex) {
			// closed meanwhile
		}
	}

	/**
	 * Whether anything came out of the pipe.
	 */
	boolean isBegun() {
		return this.begun;
	}

	/**
	 * Wait until there is something to read, or the end.
	 * @return {@code false} if there is nothing after all this time
	 */
	boolean await(Duration timeout) throws InterruptedException {
		if (isDrained()) {
			take(this.chunks.poll(timeout.toNanos(), TimeUnit.NANOSECONDS));
		}
		return !isDrained();
	}

	/**
	 * Whether reading would have to wait.
	 */
	boolean isDrained() {
		if (this.next == this.chunk.length && !this.ended) {
			take(this.chunks.poll());
		}
		return this.next == this.chunk.length && !this.ended;
	}

	private void take(byte @Nullable [] taken) {
		if (taken == null) {
			return;
		}
		this.ended = taken.length == 0;
		this.chunk = taken;
		this.next = 0;
	}

	@Override
	public int available() {
		return this.chunk.length - this.next;
	}

	@Override
	public int read() throws IOException {
		byte[] single = new byte[1];
		return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
	}

	/**
	 * Read what is there.
	 * @return how many bytes, below zero at the end, 0 if nothing is there yet
	 */
	@Override
	public int read(byte[] into, int offset, int length) throws IOException {
		if (isDrained()) {
			return 0;
		}
		if (this.next == this.chunk.length) {
			IOException failure = this.problem;
			if (failure != null) {
				throw failure;
			}
			return -1;
		}
		int count = Math.min(length, available());
		System.arraycopy(this.chunk, this.next, into, offset, count);
		this.next += count;
		return count;
	}

	@Override
	public void close() throws IOException {
		if (this.closed) {
			return;
		}
		this.closed = true;
		FileChannel source = this.channel;
		if (source != null) {
			// ends a read that waits
			source.close();
		}
		this.thread.interrupt();
		try {
			while (this.thread.isAlive() && !this.opened) {
				// ends an opening that waits: for a moment there is a writer
				new RandomAccessFile(this.path.toFile(), "rw").close();
				this.thread.join(10);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			OPEN.remove(this.path);
		}
	}

}
