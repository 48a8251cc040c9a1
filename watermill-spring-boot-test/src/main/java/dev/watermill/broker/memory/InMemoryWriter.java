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

	private final InMemoryLog log;

	private final boolean publishesAtFlush;

	private long published;

	/** How many marks stand there already. */
	private int marks;

	private Blocks written = new Blocks();

	private int flushed;

	private boolean ended;

	private boolean endFlushed;

	private boolean endPublished;

	InMemoryWriter(InMemoryLog log, int published, int marks, boolean publishesAtFlush) {
		this.log = log;
		this.published = published;
		this.marks = marks;
		this.publishesAtFlush = publishesAtFlush;
	}

	/**
	 * Take back what stands behind what was committed; but not of a partition, of which
	 * only what was committed stands anywhere: as in a topic, it stays.
	 */
	void begin() {
		if (this.log.goesOn() && !this.publishesAtFlush) {
			this.published = this.log.size();
			this.marks = this.log.marks();
		}
		else {
			this.log.cut((int) this.published, this.marks);
		}
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
		int ends = this.marks + (this.endFlushed ? 1 : 0);
		return (ends > 0) ? position.with(ENDED, ends) : position;
	}

	/**
	 * Let everyone see what was flushed.
	 */
	void publish() {
		if (this.flushed > 0) {
			this.log.add(this.written.view(0, this.flushed));
			this.published += this.flushed;
			Blocks left = new Blocks();
			left.addAll(this.written.view(this.flushed, this.written.size()).toArray());
			this.written = left;
			this.flushed = 0;
		}
		if (this.endFlushed && !this.endPublished) {
			this.log.mark();
			this.endPublished = true;
		}
	}

	@Override
	public void close() {
		this.written = new Blocks();
		this.flushed = 0;
		this.endFlushed = false;
	}

}
