package dev.watermill.engine.internal;

import java.util.ArrayList;
import java.util.List;

import dev.watermill.broker.Broker;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * An output that goes on after its mill completed, as a topic does.
 */
final class EndlessList implements Broker {

	private final List<Object> elements = new ArrayList<>();

	List<Object> elements() {
		return this.elements;
	}

	@Override
	public <T> StreamSink<T> sink(StreamDefinition<T> definition) {
		return new StreamSink<>() {

			@Override
			public String location() {
				return "list";
			}

			@Override
			public Object resource() {
				return EndlessList.this.elements;
			}

			@Override
			public StreamWriter<T> open(@Nullable Position committed, CommitLog log) {
				int length = (committed != null) ? (int) committed.number("length") : 0;
				EndlessList.this.elements.subList(length, EndlessList.this.elements.size()).clear();
				return new Writer<>();
			}

		};
	}

	private final class Writer<T> implements StreamWriter<T> {

		@Override
		public void write(T result) {
			EndlessList.this.elements.add(result);
		}

		@Override
		public void endOfStream() {
		}

		@Override
		public Position flush() {
			return Position.of("length", EndlessList.this.elements.size());
		}

		@Override
		public void close() {
		}

	}

}
