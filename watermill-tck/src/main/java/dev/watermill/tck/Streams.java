package dev.watermill.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Broker;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSink;
import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * What the tests of the kit do with streams again and again.
 */
final class Streams {

	static final LaneId MILL = new LaneId("tck", 0);

	static final Duration PATIENCE = Duration.ofSeconds(20);

	/**
	 * Stands for an element that can't be read, since the ones that brokers make are
	 * never equal.
	 */
	static final Object INVALID = "invalid";

	private Streams() {
	}

	/**
	 * A start of the mill.
	 */
	static CommitScope scope() {
		return CommitScope.of(MILL);
	}

	static List<@Nullable Item> items(long count) {
		return new ArrayList<>(LongStream.range(0, count).mapToObj(Item::of).toList());
	}

	/**
	 * Read a stream from a position to its end.
	 */
	static List<Object> rest(SourceFixture fixture, String stream, @Nullable Position from)
			throws InterruptedException {
		List<Object> elements = new ArrayList<>();
		for (Batch<Item> batch : batches(fixture, stream, from)) {
			elements.addAll(elements(batch));
		}
		return elements;
	}

	static List<Batch<Item>> batches(SourceFixture fixture, String stream, @Nullable Position from)
			throws InterruptedException {
		List<Batch<Item>> batches = new ArrayList<>();
		try (StreamReader<Item> reader = fixture.broker().source(fixture.definition(stream)).open(Streams.MILL, from)) {
			do {
				batches.add(reader.read(PATIENCE));
			}
			while (batches.get(batches.size() - 1).status() != Batch.Status.ENDED);
		}
		return batches;
	}

	static List<Object> elements(Batch<Item> batch) {
		List<Object> elements = new ArrayList<>();
		for (int i = 0; i < batch.size(); i++) {
			elements.add((batch.element(i) instanceof InvalidElement) ? INVALID : batch.element(i));
		}
		return elements;
	}

	static StreamSink<Item> sink(BrokerFixture fixture, String stream) {
		Broker broker = fixture.broker();
		return broker.sink(fixture.definition(stream));
	}

	static CommitPlace place(BrokerFixture fixture, String stream) {
		return sink(fixture, stream).commitPlace()
			.orElseThrow(() -> new AssertionError("The sink has no place to commit"));
	}

}
