package dev.watermill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.Broker;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.engine.internal.DeadLetterPlace;
import dev.watermill.engine.internal.MillSettings;
import org.jspecify.annotations.Nullable;

/**
 * Where the dead letters of a mill's streams go: each stream's to its own place if one is
 * named for it, else to that of the mill, else to where its broker has them by default.
 * Streams that name one place share it.
 */
final class DeadLetterPlaces {

	private final String mill;

	private final Map<String, Place> ofStreams = new LinkedHashMap<>();

	private @Nullable Place ofMill;

	DeadLetterPlaces(String mill) {
		this.mill = mill;
	}

	void ofStream(String stream, StreamDefinition<DeadLetter> definition, Broker broker) {
		this.ofStreams.put(stream, Place.of(definition, broker));
	}

	void ofMill(StreamDefinition<DeadLetter> definition, Broker broker) {
		this.ofMill = Place.of(definition, broker);
	}

	/**
	 * Find the places of those streams whose elements may become dead letters, and let
	 * these keep what they read.
	 * @throws IllegalArgumentException if a stream has none
	 */
	List<DeadLetterPlace> find(List<InputNode<?>> inputs, MillSettings.Failure failure) {
		List<String> names = inputs.stream().<String>map(InputNode::stream).toList();
		this.ofStreams.keySet().stream().filter((stream) -> !names.contains(stream)).findFirst().ifPresent((stream) -> {
			throw new IllegalArgumentException(
					"The mill '" + this.mill + "' has no input '" + stream + "' to have dead letters, only " + inputs);
		});
		Map<Object, Place> places = new LinkedHashMap<>();
		Map<Object, List<String>> streams = new LinkedHashMap<>();
		for (InputNode<?> input : inputs) {
			Place place = place(input, failure);
			if (place != null) {
				places.putIfAbsent(place.sink().resource(), place);
				streams.computeIfAbsent(place.sink().resource(), (resource) -> new ArrayList<>()).add(input.stream());
				input.source().keepOriginals();
			}
		}
		List<DeadLetterPlace> found = new ArrayList<>();
		places.forEach((resource, place) -> found
			.add(DeadLetterPlace.of(place.name(), place.sink(), streams.getOrDefault(resource, List.of()))));
		return found;
	}

	/**
	 * Find the place of a stream.
	 * @return the place, {@code null} if it needs none. One that is named is there for
	 * what handlers decide, too
	 */
	private @Nullable Place place(InputNode<?> input, MillSettings.Failure failure) {
		boolean master = input.node() == 0;
		boolean needed = input.mayDeadLetter() || (master && failure.deadLetters());
		Place named = this.ofStreams.getOrDefault(input.stream(), this.ofMill);
		if (named != null) {
			return (needed || (master && failure.mayDeadLetter())) ? named : null;
		}
		return needed ? byDefault(input) : null;
	}

	private Place byDefault(InputNode<?> input) {
		return input.defaultDeadLetters()
			.map((sink) -> new Place(input.stream(), sink))
			.orElseThrow(() -> new IllegalArgumentException(
					"The mill '" + this.mill + "' has no place for the dead letters of its stream '" + input.stream()
							+ "', the " + input.source().location()
							+ ". Name a file (.jsonl) or a topic with dead-letter, for the stream or for the mill."));
	}

	/**
	 * One place.
	 *
	 * @param name by which it is known
	 * @param sink where that is
	 */
	private record Place(String name, StreamSink<DeadLetter> sink) {

		static Place of(StreamDefinition<DeadLetter> definition, Broker broker) {
			return new Place(definition.name(), broker.deadLetterSink(definition));
		}

	}

}
