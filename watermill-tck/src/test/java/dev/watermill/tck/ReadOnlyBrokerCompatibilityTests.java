package dev.watermill.tck;

import java.util.List;

import dev.watermill.broker.Broker;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.codec.InvalidElement;
import org.jspecify.annotations.Nullable;

/**
 * Runs the half of the kit that reads for a broker that can't do more.
 */
class ReadOnlyBrokerCompatibilityTests extends SourceCompatibilityKit implements GrowingStreams {

	private final InMemoryBroker memory = new InMemoryBroker(7);

	@Override
	public Broker broker() {
		return new Broker() {

			@Override
			public <T> StreamSource<T> source(StreamDefinition<T> definition) {
				return ReadOnlyBrokerCompatibilityTests.this.memory.source(definition);
			}

		};
	}

	@Override
	public StreamDefinition<Item> definition(String stream) {
		return StreamDefinition.of(stream, Item.class);
	}

	@Override
	public void given(String stream, List<@Nullable Item> items) {
		InMemoryStream<Item> filled = this.memory.stream(stream);
		for (Item item : items) {
			if (item != null) {
				filled.append(item);
			}
			else {
				filled.appendInvalid(new InvalidElement("Expected an item", null, null));
			}
		}
		filled.end();
	}

	@Override
	public void append(String stream, List<Item> items) {
		this.memory.<Item>stream(stream).appendAll(items);
	}

	@Override
	public void end(String stream) {
		this.memory.stream(stream).end();
	}

}
