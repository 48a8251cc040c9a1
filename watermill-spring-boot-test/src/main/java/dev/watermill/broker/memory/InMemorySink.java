package dev.watermill.broker.memory;

import java.util.Optional;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.ParticipantKey;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Writes an {@link InMemoryStream}, or of one that is partitioned the partition of a
 * lane.
 *
 * @param <R> the type of the results
 */
final class InMemorySink<R> implements StreamSink<R> {

	private final InMemoryStream<R> stream;

	private final InMemoryCommits commits;

	private final int lane;

	InMemorySink(InMemoryStream<R> stream, InMemoryCommits commits, int lane) {
		this.stream = stream;
		this.commits = commits;
		this.lane = lane;
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
	public void prepare(int lanes) {
		if (lanes > 1 && !this.stream.isPartitioned()) {
			if (!this.stream.elements().isEmpty() || this.stream.isEnded()) {
				throw new BrokerException(this.stream + " is not partitioned, and not empty, but " + lanes
						+ " lanes are to write to it. Begin with an empty one.");
			}
			this.stream.partitions(lanes);
		}
		if (lanes > this.stream.partitions()) {
			throw new BrokerException(this.stream + " has " + this.stream.partitions() + " partitions, but " + lanes
					+ " lanes are to write to it. Give it as many.");
		}
	}

	@Override
	public StreamSink<R> lane(int number) {
		return new InMemorySink<>(this.stream, this.commits, number);
	}

	@Override
	public StreamWriter<R> open(@Nullable Position committed, CommitLog log) {
		InMemoryLog place = this.stream.log(this.lane);
		int length = (committed != null) ? (int) committed.number(InMemoryWriter.OFFSET) : 0;
		int ends = (committed != null && committed.has(InMemoryWriter.ENDED))
				? (int) committed.number(InMemoryWriter.ENDED) : 0;
		Optional<InMemoryCommits.Log> shared = log.participant(this.commits.key());
		InMemoryWriter<R> writer = new InMemoryWriter<>(place, length, ends, shared.isEmpty());
		shared.ifPresentOrElse((holder) -> holder.enlist(writer), writer::begin);
		return writer;
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

}
