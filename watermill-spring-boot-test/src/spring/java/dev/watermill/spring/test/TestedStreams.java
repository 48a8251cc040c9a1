package dev.watermill.spring.test;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.watermill.broker.Broker;
import dev.watermill.broker.DeadLetter;
import dev.watermill.spring.binding.internal.StreamPlacement;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the streams of a test are: their elements are JSON, as they are everywhere else.
 */
abstract class TestedStreams implements StreamPlacement {

	private final StreamPlaces places;

	private final Supplier<JsonMapper> mapper;

	private final TypedBroker broker = new TypedBroker(this::currentBroker);

	TestedStreams(StreamPlaces places, Supplier<JsonMapper> mapper) {
		this.places = places;
		this.mapper = mapper;
	}

	/**
	 * Return what reads and writes the streams by now.
	 */
	abstract Broker currentBroker();

	/**
	 * Return what mills are made with, which remembers as what they read and write.
	 */
	final Broker broker() {
		return this.broker;
	}

	/**
	 * Return where a stream is.
	 */
	final MemoryPlace placeOf(String stream) {
		return this.places.of(stream);
	}

	/**
	 * Return what the lanes of a mill read of a stream. Of what lanes write each has its
	 * own, whatever it is said to be elsewhere.
	 */
	final StreamUse useOf(String stream) {
		StreamUse use = this.places.useOf(stream);
		boolean written = use == StreamUse.WHOLE && places(written()).contains(placeOf(stream));
		return written ? StreamUse.PARTITIONED : use;
	}

	/**
	 * Return how many partitions a place has, where those that have several have so many.
	 */
	final int partitions(MemoryPlace place, int several) {
		boolean whole = read().keySet()
			.stream()
			.anyMatch((stream) -> placeOf(stream).equals(place) && useOf(stream) == StreamUse.WHOLE);
		return whole ? 1 : several;
	}

	/**
	 * Return the types of elements, by the names of the streams that mills read.
	 */
	final Map<String, Type> read() {
		return this.broker.read();
	}

	/**
	 * Return the types of results, by the names of the streams that mills write.
	 */
	final Map<String, Type> written() {
		return this.broker.written();
	}

	/**
	 * Return the places that mills read and no mill writes.
	 */
	final Set<MemoryPlace> inputs() {
		Set<MemoryPlace> inputs = places(read());
		inputs.removeAll(places(written()));
		return inputs;
	}

	private Set<MemoryPlace> places(Map<String, Type> streams) {
		return streams.keySet().stream().map(this::placeOf).collect(Collectors.toSet());
	}

	/**
	 * Forget everything, and begin with what was given.
	 */
	abstract void begin(Given given);

	/**
	 * Forget everything.
	 */
	abstract void clear();

	/**
	 * Return what stands in a stream, one partition behind the other; of what a mill
	 * wrote only what was committed.
	 */
	abstract List<MemoryRecord> records(MemoryPlace place);

	/**
	 * Return what was written to the dead letters of a stream.
	 */
	abstract List<DeadLetter> deadLetters(MemoryPlace place);

	/**
	 * Return the mapper by which elements are read and written.
	 */
	final JsonMapper mapper() {
		return this.mapper.get();
	}

	/**
	 * Return what reads the elements of a stream that mills read.
	 */
	final JsonDecoding decoding(String stream) {
		return new JsonDecoding(mapper(), stream, Objects.requireNonNull(read().get(stream)));
	}

}
