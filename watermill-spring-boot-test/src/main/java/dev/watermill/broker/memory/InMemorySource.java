package dev.watermill.broker.memory;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.ParticipantKey;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@link InMemoryStream}, or of one that is partitioned the partition of a lane.
 *
 * @param <T> the type of the elements
 */
final class InMemorySource<T> implements StreamSource<T> {

	private final InMemoryStream<T> stream;

	private final int batchSize;

	private final InMemoryCommits commits;

	InMemorySource(InMemoryStream<T> stream, int batchSize, InMemoryCommits commits) {
		this.stream = stream;
		this.batchSize = batchSize;
		this.commits = commits;
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
	public OptionalInt partitions() {
		return this.stream.isPartitioned() ? OptionalInt.of(this.stream.partitions()) : OptionalInt.empty();
	}

	@Override
	public Position completed(Position position, boolean over) {
		if (isBatch()) {
			return position;
		}
		if (!over) {
			return InMemoryPlace.owing(position);
		}
		InMemoryPlace place = InMemoryPlace.of(position);
		return (place.atMark() ? place.behindMark() : place).position();
	}

	/**
	 * The elements are there as long as the stream is.
	 */
	@Override
	public void keepOriginals() {
	}

	@Override
	public StreamReader<T> open(LaneId lane, @Nullable Position from) {
		InMemoryLog log = this.stream.log(lane.lane());
		InMemoryPlace place = InMemoryPlace.of(from);
		if (place.offset() > log.size()) {
			throw new BrokerException(this.stream + " has changed before the position: it has " + log.size()
					+ " elements, but is to be read from the one at " + place.offset()
					+ ". Restore it, or reset the mill to begin at its start.");
		}
		return new Reader(log, place);
	}

	@Override
	public boolean isBatch() {
		return !this.stream.isPartitioned();
	}

	@Override
	public <P> Optional<P> participant(ParticipantKey<P> key) {
		return this.commits.store().answer(key, this.commits);
	}

	@Override
	public Optional<CommitPlace> commitPlace() {
		return Optional.of(this.commits);
	}

	/**
	 * Knows only how far it is; everything else is the stream's.
	 */
	private final class Reader implements StreamReader<T> {

		private final InMemoryLog log;

		private volatile InMemoryPlace place;

		Reader(InMemoryLog log, InMemoryPlace place) {
			this.log = log;
			this.place = place;
		}

		@Override
		public Batch<T> read(Duration timeout) throws InterruptedException {
			InMemoryBatch<T> batch = this.log.read(this.place, InMemorySource.this.batchSize, timeout);
			this.place = batch.end().begun();
			return batch;
		}

		@Override
		public OptionalLong remaining() {
			return OptionalLong.of(Math.max(0, this.log.size() - this.place.offset()));
		}

		@Override
		public void close() {
		}

	}

}
