package dev.watermill.tck;

import java.util.List;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * A mill as a sink sees it: takes the place of commits over, reads where it was, opens
 * the sink there and commits once before it writes anything.
 */
final class WritingMill implements AutoCloseable {

	private final String stream;

	private final StreamSink<Item> sink;

	private final CommitLog log;

	private final StreamWriter<Item> writer;

	private WritingMill(String stream, StreamSink<Item> sink, CommitLog log, StreamWriter<Item> writer) {
		this.stream = stream;
		this.sink = sink;
		this.log = log;
		this.writer = writer;
	}

	static WritingMill start(BrokerFixture fixture, String stream) {
		StreamSink<Item> sink = Streams.sink(fixture, stream);
		sink.verify();
		CommitLog log = sink.commitPlace()
			.orElseThrow(() -> new AssertionError("The sink has no place to commit"))
			.open(Streams.scope());
		try {
			Checkpoint checkpoint = log.read();
			Position committed = (checkpoint != null) ? checkpoint.outputs().get(stream) : null;
			if (checkpoint != null && checkpoint.completed() && committed != null) {
				sink.finish(committed);
				if (sink.isBatch()) {
					sink.discard();
					committed = null;
				}
			}
			WritingMill mill = new WritingMill(stream, sink, log, sink.open(committed, log));
			mill.commit(false);
			return mill;
		}
		catch (RuntimeException ex) {
			log.close();
			throw ex;
		}
	}

	void write(List<? extends @Nullable Item> items) {
		for (Item item : items) {
			if (item != null) {
				this.writer.write(item);
			}
		}
	}

	void flush() {
		this.writer.flush();
	}

	void commit(boolean completed) {
		commitOnly(completed);
		this.writer.committed(completed);
	}

	/**
	 * Commit, and crash before anyone hears of it.
	 */
	Position commitOnly(boolean completed) {
		Position position = this.writer.flush();
		this.log.commit(new Checkpoint(Map.of(), Map.of(this.stream, position), completed));
		return position;
	}

	void complete() {
		this.writer.endOfStream();
		commit(true);
	}

	void endOfStream() {
		this.writer.endOfStream();
	}

	StreamSink<Item> sink() {
		return this.sink;
	}

	/**
	 * Stop, or crash: neither may make a difference.
	 */
	@Override
	public void close() {
		this.writer.close();
		this.log.close();
	}

}
