package dev.watermill.broker;

import java.util.Optional;

/**
 * A place where streams live: files, Kafka, a database. A broker makes, from what is
 * known of a stream at start, the {@link StreamSource} it is read from or the
 * {@link StreamSink} it is written to. Neither touches the outside world before it is
 * opened, but both refuse a definition that can be seen to be wrong.
 * <p>
 * A broker that only reads implements {@link #source}, one that only writes
 * {@link #sink}. Brokers are thread-safe; what they make belongs to one mill.
 *
 * @since 0.1.0
 */
public interface Broker {

	/**
	 * Return where a stream is read from. Asked once per node of a join tree, so twice
	 * for the two sides of a self-join.
	 * @param <T> the type of the elements
	 * @param definition what is known of the stream
	 * @return the source
	 * @throws BrokerException if the definition cannot be served
	 */
	default <T> StreamSource<T> source(StreamDefinition<T> definition) {
		throw new BrokerException(getClass().getSimpleName() + " cannot be read from, so the stream '"
				+ definition.name() + "' cannot be an input. Bind it to a broker that reads.");
	}

	/**
	 * Return where a stream is written to.
	 * @param <T> the type of the elements
	 * @param definition what is known of the stream
	 * @return the sink
	 * @throws BrokerException if the definition cannot be served
	 */
	default <T> StreamSink<T> sink(StreamDefinition<T> definition) {
		throw new BrokerException(getClass().getSimpleName() + " cannot be written to, so the stream '"
				+ definition.name() + "' cannot be an output. Bind it to a broker that writes.");
	}

	/**
	 * Return where dead letters are written to: those of one stream of one mill. Lanes
	 * write there as they write results, in the commit that covers the element.
	 * @param definition where that is
	 * @return the sink
	 * @throws BrokerException if the definition cannot be served
	 */
	default StreamSink<DeadLetter> deadLetterSink(StreamDefinition<DeadLetter> definition) {
		throw new BrokerException(getClass().getSimpleName() + " takes no dead letters, so those of '"
				+ definition.name() + "' need another place. Name a topic or a file.");
	}

	/**
	 * Return where the dead letters of a stream of this broker are written to if its user
	 * names no place.
	 * @param stream what is known of the stream that is read
	 * @return the sink, or empty if its user has to name a place
	 */
	default Optional<StreamSink<DeadLetter>> defaultDeadLetterSink(StreamDefinition<?> stream) {
		return Optional.empty();
	}

}
