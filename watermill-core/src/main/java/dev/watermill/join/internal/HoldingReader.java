package dev.watermill.join.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.watermill.broker.Batch;
import dev.watermill.broker.StreamReader;
import dev.watermill.stream.Position;

/**
 * A reader that holds elements back, for some time, which another one has read. What it
 * holds stands behind its position, and is read again from there. Used by one thread, but
 * for {@link #remaining()} and {@link #wakeUp()}.
 */
abstract class HoldingReader implements StreamReader<Object> {

	/** How often it reads on at most while nothing comes out. */
	private static final int MOST_READS = 16;

	private final StreamReader<?> reader;

	/** What is to be read next. */
	private final Deque<Batch<Object>> ready = new ArrayDeque<>();

	private boolean takenIn;

	private volatile int held;

	HoldingReader(StreamReader<?> reader) {
		this.reader = reader;
	}

	/**
	 * Take a batch in.
	 * @param batch what was read
	 * @return what comes out, maybe nothing, but not no batch
	 */
	abstract List<Batch<Object>> take(Batch<?> batch);

	/**
	 * Let go of all that is held, since nothing comes any more.
	 * @return what was held
	 */
	abstract List<Batch<Object>> rest();

	/**
	 * How many elements are held.
	 */
	abstract int held();

	/**
	 * Return the position of the reader below.
	 */
	abstract Position below(Position position);

	@Override
	public Batch<Object> read(Duration timeout) throws InterruptedException {
		this.takenIn = false;
		Batch<Object> next = this.ready.poll();
		Duration wait = timeout;
		for (int reads = 1; next == null; reads++) {
			Batch<?> batch = this.reader.read(wait);
			this.takenIn |= batch.size() > 0 || (this.reader instanceof HoldingReader below && below.takenIn);
			this.ready.addAll(take(batch));
			next = this.ready.poll();
			if (next != null && isToBeReadOn(batch, next) && reads < MOST_READS) {
				next = null;
			}
			wait = Duration.ZERO;
		}
		this.held = held();
		return next;
	}

	/**
	 * Whether something was read, and nothing came out of it, not even a word of what is
	 * behind it.
	 */
	private boolean isToBeReadOn(Batch<?> batch, Batch<Object> next) {
		return batch.size() > 0 && next.size() == 0 && next.status() != Batch.Status.ENDED && !next.isSegmentStart()
				&& next.droppedOfSegment() == 0;
	}

	/**
	 * Whether the last read took elements in, be it that none came out.
	 */
	boolean hasTakenIn() {
		return this.takenIn;
	}

	/**
	 * Let go of all that is held, since the stream counts as over: nothing is read after
	 * it.
	 * @return what was held, empty if nothing was
	 */
	List<Batch<Object>> release() {
		List<Batch<Object>> released = new ArrayList<>(this.ready);
		this.ready.clear();
		if (this.reader instanceof HoldingReader below) {
			below.release().forEach((batch) -> released.addAll(take(batch)));
		}
		released.addAll(rest());
		released.removeIf((batch) -> batch.size() == 0);
		this.held = held();
		return released;
	}

	@Override
	public void wakeUp() {
		this.reader.wakeUp();
	}

	@Override
	public void verify() {
		this.reader.verify();
	}

	@Override
	public OptionalLong remaining() {
		OptionalLong behind = this.reader.remaining();
		return behind.isPresent() ? OptionalLong.of(behind.getAsLong() + this.held) : behind;
	}

	@Override
	public long lost() {
		return this.reader.lost();
	}

	@Override
	public OptionalDouble progress(Position position) {
		return this.reader.progress(below(position));
	}

	@Override
	public void committed(Position position) {
		this.reader.committed(below(position));
	}

	@Override
	public void close() {
		this.reader.close();
	}

}
