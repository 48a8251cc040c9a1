package dev.watermill.spring.test;

import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

import dev.watermill.broker.Broker;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;

/**
 * Remembers as what streams are read and written.
 */
final class TypedBroker implements Broker {

	private final Supplier<Broker> broker;

	private final Map<String, Type> read = new TreeMap<>();

	private final Map<String, Type> written = new TreeMap<>();

	TypedBroker(Supplier<Broker> broker) {
		this.broker = broker;
	}

	Map<String, Type> read() {
		return this.read;
	}

	Map<String, Type> written() {
		return this.written;
	}

	@Override
	public <T> StreamSource<T> source(StreamDefinition<T> definition) {
		this.read.put(definition.name(), definition.type());
		return this.broker.get().source(definition);
	}

	@Override
	public <R> StreamSink<R> sink(StreamDefinition<R> definition) {
		this.written.put(definition.name(), definition.type());
		return this.broker.get().sink(definition);
	}

	@Override
	public StreamSink<DeadLetter> deadLetterSink(StreamDefinition<DeadLetter> definition) {
		return this.broker.get().deadLetterSink(definition);
	}

	@Override
	public Optional<StreamSink<DeadLetter>> defaultDeadLetterSink(StreamDefinition<?> stream) {
		return this.broker.get().defaultDeadLetterSink(stream);
	}

}
