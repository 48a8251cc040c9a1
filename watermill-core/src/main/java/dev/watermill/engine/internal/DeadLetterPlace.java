package dev.watermill.engine.internal;

import java.util.List;

import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamSink;
import dev.watermill.engine.Output;

/**
 * Where the dead letters of some of a mill's streams are written. Immutable.
 *
 * @param output the place, under the name by which commits know it
 * @param streams the streams whose dead letters are written there
 * @since 0.1.0
 */
public record DeadLetterPlace(Output output, List<String> streams) {

	/** No stream of a user's has a name that begins so. */
	private static final String PREFIX = "dead-letters:";

	/**
	 * Create a place.
	 */
	public DeadLetterPlace {
		streams = List.copyOf(streams);
	}

	/**
	 * Return a place.
	 * @param name the name of what is written there, always the same for the same place
	 * @param sink where that is
	 * @param streams the streams whose dead letters are written there
	 * @return the place
	 */
	public static DeadLetterPlace of(String name, StreamSink<DeadLetter> sink, List<String> streams) {
		return new DeadLetterPlace(new Output(PREFIX + name, DeadLetter.class, sink, null), streams);
	}

	/**
	 * Whether a name is one under which commits know a place of dead letters.
	 * @param stream the name of an output stream
	 * @return {@code true} if no result can be written to a stream of that name
	 */
	public static boolean isReserved(String stream) {
		return stream.startsWith(PREFIX);
	}

	@SuppressWarnings("unchecked")
	StreamSink<DeadLetter> sink() {
		return (StreamSink<DeadLetter>) this.output.sink();
	}

	/**
	 * Return where a lane writes.
	 */
	DeadLetterPlace lane(int lane) {
		return new DeadLetterPlace(
				new Output(this.output.stream(), this.output.type(), this.output.sink().lane(lane), null),
				this.streams);
	}

}
