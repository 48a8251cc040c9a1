package dev.watermill.spring.mill;

import java.time.Duration;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Broker;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Streams in which nothing ever comes.
 */
final class EndlessBroker implements Broker {

	@Override
	public <T> StreamSource<T> source(StreamDefinition<T> definition) {
		return new Source<>(definition.name());
	}

	private record Source<T>(String location) implements StreamSource<T> {

		@Override
		public Object resource() {
			return this.location;
		}

		@Override
		public StreamReader<T> open(LaneId lane, @Nullable Position from) {
			return new Reader<>();
		}

	}

	private static final class Reader<T> implements StreamReader<T> {

		@Override
		public Batch<T> read(Duration timeout) throws InterruptedException {
			Thread.onSpinWait();
			return new Nothing<>();
		}

		@Override
		public void close() {
		}

	}

	private static final class Nothing<T> implements Batch<T> {

		@Override
		public int size() {
			return 0;
		}

		@Override
		public Object element(int index) {
			throw new IndexOutOfBoundsException(index);
		}

		@Override
		public Position position(int index) {
			return Position.empty();
		}

		@Override
		public String origin(int index) {
			return "nowhere";
		}

		@Override
		public Status status() {
			return Status.CAUGHT_UP;
		}

	}

}
