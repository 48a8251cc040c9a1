package dev.watermill;

import java.util.function.ToIntFunction;

import dev.watermill.broker.Broker;
import dev.watermill.broker.MergedSource;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSource;

/**
 * Streams that are merged of streams of another broker, which stand for partitions.
 */
final class MergingBroker implements Broker {

	private final Broker broker;

	private final ToIntFunction<String> partitions;

	/**
	 * Create a broker.
	 * @param broker has the partitions
	 * @param partitions how many there are of a stream, 0 of one that is not merged
	 */
	MergingBroker(Broker broker, ToIntFunction<String> partitions) {
		this.broker = broker;
		this.partitions = partitions;
	}

	static String partition(String stream, int number) {
		return stream + "-" + number;
	}

	@Override
	public <T> StreamSource<T> source(StreamDefinition<T> definition) {
		if (this.partitions.applyAsInt(definition.name()) == 0) {
			return this.broker.source(partition(definition, 0));
		}
		return new MergedSource<>(this.broker.source(partition(definition, 0)),
				() -> this.partitions.applyAsInt(definition.name()),
				(number) -> this.broker.source(partition(definition, number)));
	}

	private static <T> StreamDefinition<T> partition(StreamDefinition<T> definition, int number) {
		return new StreamDefinition<>(partition(definition.name(), number), definition.type(), definition.properties());
	}

}
