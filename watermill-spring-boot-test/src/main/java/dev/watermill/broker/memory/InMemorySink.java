package dev.watermill.broker.memory;

import java.util.Optional;

import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Writes an {@link InMemoryStream}.
 *
 * @param <R> the type of the results
 */
final class InMemorySink<R> implements StreamSink<R> {

	private final InMemoryStream<R> stream;

	private final InMemoryCommits commits;

	InMemorySink(InMemoryStream<R> stream, InMemoryCommits commits) {
		this.stream = stream;
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
	public StreamWriter<R> open(@Nullable Position committed, CommitLog log) {
		int length = (committed != null) ? (int) committed.number(InMemoryWriter.OFFSET) : 0;
		Optional<InMemoryCommits.Log> shared = log.participant(this.commits.key());
		shared.ifPresent(InMemoryCommits.Log::requireHeld);
		this.stream.cut(length);
		if (committed != null && committed.has(InMemoryWriter.ENDED)) {
			this.stream.end();
		}
		InMemoryWriter<R> writer = new InMemoryWriter<>(this.stream, length, shared.isEmpty());
		shared.ifPresent((commits) -> commits.enlist(writer));
		return writer;
	}

	@Override
	public boolean isBatch() {
		return true;
	}

	@Override
	public Optional<CommitPlace> commitPlace() {
		return Optional.of(this.commits);
	}

}
