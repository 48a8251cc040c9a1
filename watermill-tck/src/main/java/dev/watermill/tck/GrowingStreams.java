package dev.watermill.tck;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.watermill.broker.Batch;
import dev.watermill.broker.StreamReader;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Declares that elements can be appended to a stream while it is read.
 *
 * @since 0.1.0
 */
public interface GrowingStreams extends SourceFixture {

	/**
	 * Append elements to a stream that need not exist yet.
	 * @param stream the name of the stream
	 * @param items the elements
	 */
	void append(String stream, List<Item> items);

	/**
	 * End a stream.
	 * @param stream the name of the stream
	 */
	void end(String stream);

	/**
	 * An empty batch says that the reader has caught up.
	 * @throws InterruptedException if the test was interrupted
	 */
	@Test
	default void saysThatItHasCaughtUp() throws InterruptedException {
		append("growing", List.of(Item.of(0)));
		try (StreamReader<Item> reader = broker().source(definition("growing")).open(Streams.MILL, null)) {
			Batch<Item> batch = reader.read(Streams.PATIENCE);
			assertThat(Streams.elements(batch)).containsExactly(Item.of(0));
			long start = System.nanoTime();
			Batch<Item> empty = reader.read(Duration.ofMillis(50));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50))
				.isLessThan(Streams.PATIENCE);
			assertThat(empty.size()).isZero();
			assertThat(empty.status()).isEqualTo(Batch.Status.CAUGHT_UP);
			assertThat(empty.position(0)).isEqualTo(batch.position(1));
		}
	}

	/**
	 * Without time to wait only what is there is taken.
	 * @throws InterruptedException if the test was interrupted
	 */
	@Test
	default void doesNotWaitWithoutTime() throws InterruptedException {
		append("growing", List.of());
		try (StreamReader<Item> reader = broker().source(definition("growing")).open(Streams.MILL, null)) {
			assertThat(reader.read(Duration.ZERO).size()).isZero();
		}
	}

	/**
	 * A waiting reader wakes up when something comes, and when the stream ends.
	 */
	@Test
	default void wakesUpForAnElementAndForTheEnd() {
		append("growing", List.of());
		try (StreamReader<Item> reader = broker().source(definition("growing")).open(Streams.MILL, null)) {
			CompletableFuture<Batch<Item>> element = GrowingStreamsReading.next(reader);
			append("growing", List.of(Item.of(7)));
			assertThat(element).succeedsWithin(Streams.PATIENCE)
				.satisfies((batch) -> assertThat(Streams.elements(batch)).containsExactly(Item.of(7)));
			CompletableFuture<Batch<Item>> over = GrowingStreamsReading.next(reader);
			end("growing");
			assertThat(over).succeedsWithin(Streams.PATIENCE)
				.satisfies((batch) -> assertThat(batch.status()).isEqualTo(Batch.Status.ENDED));
		}
	}

	/**
	 * What is appended behind a position is read from there.
	 * @throws InterruptedException if the test was interrupted
	 */
	@Test
	default void goesOnBehindWhatWasThere() throws InterruptedException {
		append("growing", List.of(Item.of(0)));
		try (StreamReader<Item> reader = broker().source(definition("growing")).open(Streams.MILL, null)) {
			Batch<Item> batch = reader.read(Streams.PATIENCE);
			append("growing", List.of(Item.of(1)));
			end("growing");
			assertThat(Streams.rest(this, "growing", batch.position(1))).containsExactly(Item.of(1));
		}
	}

}
