package dev.watermill.tck;

import java.util.List;

import dev.watermill.broker.Broker;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.codec.InvalidElement;
import org.jspecify.annotations.Nullable;

/**
 * Runs the kit for {@link InMemoryBroker}.
 */
class InMemoryBrokerCompatibilityTests extends BrokerCompatibilityKit
		implements GrowingStreams, FencingCommits, KeepingOriginals {

	private final InMemoryBroker broker = new InMemoryBroker(7);

	@Override
	public Broker broker() {
		return this.broker;
	}

	@Override
	public StreamDefinition<Item> definition(String stream) {
		return StreamDefinition.of(stream, Item.class);
	}

	@Override
	public void given(String stream, List<@Nullable Item> items) {
		InMemoryStream<Item> memory = this.broker.stream(stream);
		for (Item item : items) {
			if (item != null) {
				memory.append(item);
			}
			else {
				memory.appendInvalid(new InvalidElement("Expected an item", null, null));
			}
		}
		memory.end();
	}

	@Override
	public void append(String stream, List<Item> items) {
		this.broker.<Item>stream(stream).appendAll(items);
	}

	@Override
	public void end(String stream) {
		this.broker.stream(stream).end();
	}

	@Override
	public List<Item> results(String stream) {
		return this.broker.<Item>stream(stream).elements();
	}

	@Override
	public boolean isEnded(String stream) {
		return this.broker.stream(stream).isEnded();
	}

}
