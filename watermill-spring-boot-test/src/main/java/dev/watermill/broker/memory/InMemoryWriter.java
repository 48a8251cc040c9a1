package dev.watermill.broker.memory;

import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;

/**
 * Holds results back until they are committed. Where the mill commits elsewhere, they are
 * held back until they are flushed.
 *
 * @param <R> the type of the results
 */
final class InMemoryWriter<R> implements StreamWriter<R> {

	static final String OFFSET = "offset";

	static final String ENDED = "ended";

	private final InMemoryStream<R> stream;

	private final boolean publishesAtFlush;

	private long published;

	private Blocks written = new Blocks();

	private int flushed;

	private boolean ended;

	private boolean endFlushed;

	InMemoryWriter(InMemoryStream<R> stream, int published, boolean publishesAtFlush) {
		this.stream = stream;
		this.published = published;
		this.publishesAtFlush = publishesAtFlush;
	}

	@Override
	public void write(R result) {
		this.written.add(result);
	}

	@Override
	public void endOfStream() {
		this.ended = true;
	}

	@Override
	public Position flush() {
		this.flushed = this.written.size();
		this.endFlushed = this.ended;
		Position position = Position.of(OFFSET, this.published + this.flushed);
		if (this.publishesAtFlush) {
			publish();
		}
		return this.endFlushed ? position.with(ENDED, 1) : position;
	}

	/**
	 * Let everyone see what was flushed.
	 */
	void publish() {
		if (this.flushed > 0) {
			this.stream.add(this.written.view(0, this.flushed));
			this.published += this.flushed;
			Blocks left = new Blocks();
			left.addAll(this.written.view(this.flushed, this.written.size()).toArray());
			this.written = left;
			this.flushed = 0;
		}
		if (this.endFlushed) {
			this.stream.end();
		}
	}

	@Override
	public void close() {
		this.written = new Blocks();
		this.flushed = 0;
		this.endFlushed = false;
	}

}
