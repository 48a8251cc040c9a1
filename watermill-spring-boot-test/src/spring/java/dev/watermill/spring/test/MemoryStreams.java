package dev.watermill.spring.test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.watermill.broker.Broker;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.MergedSource;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.spring.binding.internal.StreamBinding;
import tools.jackson.databind.json.JsonMapper;

/**
 * Streams in memory whose elements are JSON, as they are everywhere else: what can't be
 * written or read there can't be here. Mills that were made with them find whatever is
 * there when they start.
 */
final class MemoryStreams extends TestedStreams {

	private final MillClock clock;

	private final Steps steps;

	private volatile InMemoryBroker memory = new InMemoryBroker();

	MemoryStreams(StreamPlaces places, Supplier<JsonMapper> mapper, MillClock clock, Steps steps) {
		super(places, mapper);
		this.clock = clock;
		this.steps = steps;
	}

	@Override
	Broker currentBroker() {
		return new JsonBroker();
	}

	@Override
	public StreamBinding place(String stream) {
		return new StreamBinding("in-memory stream", broker(), Map.of());
	}

	@Override
	void begin(Given given) {
		InMemoryBroker begun = new InMemoryBroker();
		for (MemoryPlace place : inputs()) {
			int partitions = partitions(place, given.partitions());
			InMemoryStream<MemoryRecord> stream = (partitions > 1) ? begun.stream(place.stream(), partitions)
					: begun.stream(place.stream());
			for (int i = 0; i < partitions; i++) {
				stream.partition(i).complete(given.of(place, i));
			}
		}
		this.memory = begun;
	}

	@Override
	void clear() {
		this.memory = new InMemoryBroker();
	}

	@Override
	List<MemoryRecord> records(MemoryPlace place) {
		InMemoryStream<MemoryRecord> stream = this.memory.stream(place.stream());
		return stream.elements();
	}

	@Override
	List<DeadLetter> deadLetters(MemoryPlace place) {
		return records(lettersOf(place)).stream().map(MemoryRecord::written).map(DeadLetter.class::cast).toList();
	}

	private static MemoryPlace lettersOf(MemoryPlace place) {
		return new MemoryPlace(place.stream() + InMemoryBroker.DEAD_LETTERS_SUFFIX);
	}

	private StreamDefinition<MemoryRecord> definition(MemoryPlace place) {
		return StreamDefinition.of(place.stream(), MemoryRecord.class);
	}

	private final class JsonBroker implements Broker {

		@Override
		public <T> StreamSource<T> source(StreamDefinition<T> definition) {
			MemoryPlace place = placeOf(definition.name());
			JsonSource<T> source = new JsonSource<>(definition.name(), place,
					() -> MemoryStreams.this.memory.source(definition(place)),
					() -> new JsonDecoding(mapper(), definition.name(), definition.type()), MemoryStreams.this.clock,
					MemoryStreams.this.steps);
			return (useOf(definition.name()) == StreamUse.MERGED)
					? new MergedSource<>(source, () -> source.partitions().orElse(1), source::partition) : source;
		}

		@Override
		public <R> StreamSink<R> sink(StreamDefinition<R> definition) {
			return sink(placeOf(definition.name()), () -> JsonEncoding.of(mapper(), definition.type()));
		}

		@Override
		public StreamSink<DeadLetter> deadLetterSink(StreamDefinition<DeadLetter> definition) {
			return sink(lettersOf(placeOf(definition.name())), () -> JsonEncoding.NONE);
		}

		@Override
		public Optional<StreamSink<DeadLetter>> defaultDeadLetterSink(StreamDefinition<?> stream) {
			return Optional.of(sink(lettersOf(placeOf(stream.name())), () -> JsonEncoding.NONE));
		}

		private <R> StreamSink<R> sink(MemoryPlace place, Supplier<JsonEncoding> encodings) {
			return new JsonSink<>(place, () -> MemoryStreams.this.memory.sink(definition(place)), encodings,
					MemoryStreams.this.clock, MemoryStreams.this.steps);
		}

	}

}
