package dev.watermill.spring.test;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

import dev.watermill.broker.Batch;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.ParticipantKey;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import dev.watermill.stream.RecordFact;
import org.jspecify.annotations.Nullable;

/**
 * Reads elements of their JSON in memory. Records that were given later than others, by
 * the clock of the test, are read once it is then.
 *
 * @param <T> the type of the elements
 */
final class JsonSource<T> implements StreamSource<T> {

	private final String stream;

	private final MemoryPlace place;

	private final Supplier<StreamSource<MemoryRecord>> records;

	private final Supplier<JsonDecoding> decodings;

	private final MillClock clock;

	private final Steps steps;

	/** The one that all lanes read, instead of each its own. */
	private final OptionalInt only;

	JsonSource(String stream, MemoryPlace place, Supplier<StreamSource<MemoryRecord>> records,
			Supplier<JsonDecoding> decodings, MillClock clock, Steps steps) {
		this(stream, place, records, decodings, clock, steps, OptionalInt.empty());
	}

	private JsonSource(String stream, MemoryPlace place, Supplier<StreamSource<MemoryRecord>> records,
			Supplier<JsonDecoding> decodings, MillClock clock, Steps steps, OptionalInt only) {
		this.only = only;
		this.stream = stream;
		this.place = place;
		this.records = records;
		this.decodings = decodings;
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
	public Position completed(Position position, boolean over) {
		return this.records.get().completed(position, over);
	}

	@Override
	public OptionalInt partitions() {
		return this.only.isPresent() ? OptionalInt.empty() : this.records.get().partitions();
	}

	/**
	 * Return what reads one partition, whichever lane asks.
	 */
	JsonSource<T> partition(int number) {
		return new JsonSource<>(this.stream, this.place, this.records, this.decodings, this.clock, this.steps,
				OptionalInt.of(number));
	}

	@Override
	public void keepOriginals() {
	}

	@Override
	public Set<RecordFact> recordFacts() {
		return EnumSet.allOf(RecordFact.class);
	}

	@Override
	public StreamReader<T> open(LaneId lane, @Nullable Position from) {
		LaneId read = this.only.isPresent() ? new LaneId(lane.mill(), this.only.getAsInt()) : lane;
		return new Reader(this.records.get().open(read, from), this.decodings.get());
	}

	@Override
	public boolean isBatch() {
		return this.records.get().isBatch();
	}

	@Override
	public <P> Optional<P> participant(ParticipantKey<P> key) {
		return this.records.get().participant(key);
	}

	@Override
	public Optional<CommitPlace> commitPlace() {
		return this.records.get().commitPlace().map((commits) -> SteppedPlace.of(commits, this.steps));
	}

	private final class Reader implements StreamReader<T> {

		private final StreamReader<MemoryRecord> reader;

		private final JsonDecoding decoding;

		/** What was read last, and how far of it was handed on. */
		private @Nullable Batch<MemoryRecord> batch;

		private int handed;

		Reader(StreamReader<MemoryRecord> reader, JsonDecoding decoding) {
			this.reader = reader;
			this.decoding = decoding;
		}

		@Override
		public Batch<T> read(Duration timeout) throws InterruptedException {
			Batch<MemoryRecord> known = this.batch;
			if (known == null || this.handed == known.size()) {
				known = this.reader.read(timeout);
				this.batch = known;
				this.handed = 0;
			}
			int from = this.handed;
			this.handed = sameTime(known, from);
			return new DecodedBatch<>(known, from, this.handed, JsonSource.this.stream, JsonSource.this.place.stream(),
					this.decoding);
		}

		private int sameTime(Batch<MemoryRecord> known, int from) {
			if (from == known.size()) {
				return from;
			}
			Duration at = at(known, from);
			JsonSource.this.clock.reach(at);
			int to = from + 1;
			while (to < known.size() && at(known, to).equals(at)) {
				to++;
			}
			return to;
		}

		private static Duration at(Batch<MemoryRecord> known, int index) {
			return ((MemoryRecord) known.element(index)).at();
		}

		@Override
		public void wakeUp() {
			this.reader.wakeUp();
		}

		@Override
		public OptionalLong remaining() {
			return this.reader.remaining();
		}

		@Override
		public void close() {
			this.reader.close();
		}

	}

}
