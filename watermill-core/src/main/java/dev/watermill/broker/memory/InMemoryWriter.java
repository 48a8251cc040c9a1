package dev.watermill.broker.memory;

import java.util.ArrayList;
import java.util.List;

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

	private final List<R> written = new ArrayList<>();

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
		List<R> results = this.written.subList(0, this.flushed);
		if (!results.isEmpty()) {
			this.stream.add(results);
			this.published += this.flushed;
			this.flushed = 0;
			results.clear();
		}
		if (this.endFlushed) {
			this.stream.end();
		}
	}

	@Override
	public void close() {
		this.written.clear();
		this.flushed = 0;
		this.endFlushed = false;
	}

}
