package dev.watermill.spring.test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.ParticipantKey;
import dev.watermill.broker.ResultMetadata;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Writes results as JSON to memory.
 *
 * @param <R> the type of the results
 */
final class JsonSink<R> implements StreamSink<R> {

	private final MemoryPlace place;

	private final Supplier<StreamSink<MemoryRecord>> records;

	private final Supplier<JsonEncoding> encodings;

	private final MillClock clock;

	private final Steps steps;

	private final int lane;

	JsonSink(MemoryPlace place, Supplier<StreamSink<MemoryRecord>> records, Supplier<JsonEncoding> encodings,
			MillClock clock, Steps steps) {
		this(place, records, encodings, clock, steps, 0);
	}

	private JsonSink(MemoryPlace place, Supplier<StreamSink<MemoryRecord>> records, Supplier<JsonEncoding> encodings,
			MillClock clock, Steps steps, int lane) {
		this.lane = lane;
		this.place = place;
		this.records = records;
		this.encodings = encodings;
		this.clock = clock;
		this.steps = steps;
	}

	@Override
	public String location() {
		return this.place.location();
	}

	@Override
	public Object resource() {
		return this.place;
	}

	@Override
	public void prepare(int lanes) {
		this.records.get().prepare(lanes);
	}

	@Override
	public StreamSink<R> lane(int number) {
		return new JsonSink<>(this.place, () -> this.records.get().lane(number), this.encodings, this.clock, this.steps,
				number);
	}

	@Override
	public StreamWriter<R> open(@Nullable Position committed, CommitLog log) {
		return new Writer(this.records.get().open(committed, log), this.encodings.get());
	}

	@Override
	public void discard() {
		this.records.get().discard();
	}

	@Override
	public boolean isBatch() {
		return this.records.get().isBatch();
	}

	@Override
	public boolean carriesHeaders() {
		return true;
	}

	@Override
	public <P> Optional<P> participant(ParticipantKey<P> key) {
		return this.records.get().participant(key);
	}

	@Override
	public Optional<CommitPlace> commitPlace() {
		return this.records.get().commitPlace().map((commits) -> SteppedPlace.of(commits, this.steps));
	}

	private final class Writer implements StreamWriter<R> {

		private final StreamWriter<MemoryRecord> writer;

		private final JsonEncoding encoding;

		Writer(StreamWriter<MemoryRecord> writer, JsonEncoding encoding) {
			this.writer = writer;
			this.encoding = encoding;
		}

		@Override
		public void write(R result) {
			write(result, null, null, Map.of());
		}

		@Override
		public void write(R result, ResultMetadata metadata) {
			Object key = metadata.key();
			byte[] bytes = (key instanceof byte[] array) ? array
					: (key != null) ? String.valueOf(key).getBytes(StandardCharsets.UTF_8) : null;
			write(result, bytes, metadata.timestamp(), metadata.headers());
		}

		private void write(R result, byte @Nullable [] key, @Nullable Instant timestamp, Map<String, byte[]> headers) {
			JsonSink.this.steps.before(Steps.Step.RESULT, JsonSink.this.place.stream());
			byte[] json;
			try {
				json = this.encoding.encode(result);
			}
			catch (JacksonException ex) {
				throw new BrokerException("A result can't be written to the " + location() + ": "
						+ ex.getOriginalMessage() + ". Correct the type of the result.", ex);
			}
			this.writer.write(new MemoryRecord(JsonSink.this.lane, json, result, key, timestamp, headers,
					JsonSink.this.clock.told()));
		}

		@Override
		public void endOfStream() {
			this.writer.endOfStream();
		}

		@Override
		public Position flush() {
			JsonSink.this.steps.before(Steps.Step.FLUSH, JsonSink.this.place.stream());
			return this.writer.flush();
		}

		@Override
		public void committed(boolean completed) {
			this.writer.committed(completed);
		}

		@Override
		public void close() {
			this.writer.close();
		}

	}

}
