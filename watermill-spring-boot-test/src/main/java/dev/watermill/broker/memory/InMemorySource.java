package dev.watermill.broker.memory;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@link InMemoryStream}.
 *
 * @param <T> the type of the elements
 */
final class InMemorySource<T> implements StreamSource<T> {

	private static final String OFFSET = "offset";

	private final InMemoryStream<T> stream;

	private final int batchSize;

	private final CommitPlace commits;

	InMemorySource(InMemoryStream<T> stream, int batchSize, CommitPlace commits) {
		this.stream = stream;
		this.batchSize = batchSize;
		this.commits = commits;
	}

	static Position positionAt(int offset) {
		return Position.of(OFFSET, offset);
	}

	@Override
	public String location() {
		return this.stream.toString();
	}

	@Override
	public Object resource() {
		return this.stream;
	}

	@Override
	public StreamReader<T> open(LaneId lane, @Nullable Position from) {
		long offset = (from != null) ? from.number(OFFSET) : 0;
		if (offset > this.stream.size()) {
			throw new BrokerException(this.stream + " has changed before the position: it has " + this.stream.size()
					+ " elements, but is to be read from the one at " + offset
					+ ". Restore it, or reset the mill to begin at its start.");
		}
		return new Reader((int) offset);
	}

	@Override
	public boolean isBatch() {
		return true;
	}

	@Override
	public Optional<CommitPlace> commitPlace() {
		return Optional.of(this.commits);
	}

	/**
	 * Knows only how far it is; everything else is the stream's.
	 */
	private final class Reader implements StreamReader<T> {

		private volatile int offset;

		Reader(int offset) {
			this.offset = offset;
		}

		@Override
		public Batch<T> read(Duration timeout) throws InterruptedException {
			Batch<T> batch = InMemorySource.this.stream.read(this.offset, InMemorySource.this.batchSize, timeout);
			this.offset += batch.size();
			return batch;
		}

		@Override
		public OptionalLong remaining() {
			return OptionalLong.of(Math.max(0, InMemorySource.this.stream.size() - this.offset));
		}

		@Override
		public void close() {
		}

	}

}
