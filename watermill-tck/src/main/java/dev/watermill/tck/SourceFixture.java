package dev.watermill.tck;

import java.util.List;

import dev.watermill.broker.Broker;
import dev.watermill.broker.StreamDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What the kit needs to know of a broker to read from it. Each test gets an instance of
 * its own; names of streams repeat between tests.
 *
 * @since 0.1.0
 */
public interface SourceFixture {

	/**
	 * Return the broker: the same place, or another broker for the same streams.
	 * @return the broker
	 */
	Broker broker();

	/**
	 * Return the definition of a stream.
	 * @param stream the name of the stream
	 * @return its definition
	 */
	StreamDefinition<Item> definition(String stream);

	/**
	 * Make a stream of these elements and end it.
	 * @param stream the name of the stream
	 * @param items its elements; {@code null} stands for one that can't be read
	 */
	void given(String stream, List<@Nullable Item> items);

}
