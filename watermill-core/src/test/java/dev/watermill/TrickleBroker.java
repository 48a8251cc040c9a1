package dev.watermill;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Broker;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Streams that come drop by drop: a read that does not wait finds nothing half of the
 * time, one that waits finds a few elements, and the end comes by itself at times. All
 * from one seed and without any waiting.
 */
final class TrickleBroker implements Broker {

	private final Map<String, List<?>> streams = new HashMap<>();

	private final Random random;

	TrickleBroker(Random random) {
		this.random = random;
	}

	void put(String stream, List<?> elements) {
		this.streams.put(stream, elements);
	}

	@Override
	public <T> StreamSource<T> source(StreamDefinition<T> definition) {
		List<?> elements = this.streams.get(definition.name());
		return new StreamSource<>() {

			@Override
			public String location() {
				return definition.name();
			}

			@Override
			public Object resource() {
				return elements;
			}

			@Override
			public StreamReader<T> open(LaneId lane, @Nullable Position from) {
				return new Reader<>(definition.name(), elements, (from != null) ? (int) from.number("at") : 0);
			}

			@Override
			public void keepOriginals() {
			}

			@Override
			public boolean isBatch() {
				return true;
			}

		};
	}

	private final class Reader<T> implements StreamReader<T> {

		private final String stream;

		private final List<?> elements;

		private int at;

		Reader(String stream, List<?> elements, int at) {
			this.stream = stream;
			this.elements = elements;
			this.at = at;
		}

		@Override
		public Batch<T> read(Duration timeout) {
			Random chance = TrickleBroker.this.random;
			if (timeout.isZero() && chance.nextBoolean() || chance.nextInt(8) == 0) {
				return new Slice<>(this.stream, this.elements, this.at, this.at, Batch.Status.CAUGHT_UP);
			}
			int from = this.at;
			this.at = Math.min(from + 1 + chance.nextInt(3), this.elements.size());
			boolean ended = this.at == this.elements.size() && (from == this.at || chance.nextBoolean());
			return new Slice<>(this.stream, this.elements, from, this.at,
					ended ? Batch.Status.ENDED : Batch.Status.CAUGHT_UP);
		}

		@Override
		public void close() {
		}

	}

}
