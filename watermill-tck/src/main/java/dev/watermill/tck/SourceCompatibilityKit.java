package dev.watermill.tck;

import java.util.ArrayList;
import java.util.List;

import dev.watermill.broker.Batch;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Tests that every broker passes that reads. The author of a broker that can only be read
 * extends it, and declares that its streams grow by implementing {@link GrowingStreams},
 * if they do.
 *
 * @since 0.1.0
 */
public abstract class SourceCompatibilityKit implements SourceFixture {

	private static final String IN = "in";

	@Test
	void readsElementsInOrder() throws InterruptedException {
		List<@Nullable Item> items = Streams.items(2000);
		given(IN, items);
		assertThat(Streams.rest(this, IN, null)).isEqualTo(items);
	}

	@Test
	void readsALargeStream() throws InterruptedException {
		given(IN, Streams.items(100_000));
		long next = 0;
		for (Batch<Item> batch : Streams.batches(this, IN, null)) {
			for (int i = 0; i < batch.size(); i++) {
				if (((Item) batch.element(i)).number() != next++) {
					fail("Expected number %d, found %s", next - 1, batch.element(i));
				}
			}
		}
		assertThat(next).isEqualTo(100_000);
	}

	@Test
	void readsTheSameRestAgainFromEveryPosition() throws InterruptedException {
		List<@Nullable Item> items = Streams.items(40);
		items.set(0, null);
		items.set(17, null);
		items.set(39, null);
		given(IN, items);
		List<Object> all = Streams.rest(this, IN, null);
		List<Position> positions = new ArrayList<>();
		for (Batch<Item> batch : Streams.batches(this, IN, null)) {
			for (int i = 0; i < batch.size(); i++) {
				positions.add(batch.position(i));
			}
			// whoever is stopped there meets the end again
			if (batch.status() == Batch.Status.ENDED) {
				positions.add(batch.position(batch.size()));
			}
		}
		assertThat(positions).hasSizeGreaterThanOrEqualTo(all.size());
		for (int i = 0; i < positions.size(); i++) {
			Position position = Position.parse(positions.get(i).toString());
			assertThat(Streams.rest(this, IN, position)).as("from %s", position).isEqualTo(all.subList(i, all.size()));
		}
	}

	@Test
	void givesTheSamePositionWhereverReadingBegan() throws InterruptedException {
		given(IN, Streams.items(20));
		Batch<Item> first = Streams.batches(this, IN, null).get(0);
		Position middle = first.position(1);
		Batch<Item> second = Streams.batches(this, IN, middle).get(0);
		assertThat(second.position(0)).isEqualTo(middle);
		assertThat(second.origin(0)).isEqualTo(first.origin(1)).isNotBlank();
	}

	@Test
	void keepsOldBatchesValid() throws InterruptedException {
		given(IN, Streams.items(5000));
		List<Batch<Item>> batches = Streams.batches(this, IN, null);
		long next = 0;
		for (Batch<Item> batch : batches) {
			for (int i = 0; i < batch.size(); i++) {
				assertThat(batch.element(i)).isEqualTo(Item.of(next++));
			}
		}
		assertThat(next).isEqualTo(5000);
		List<Object> rest = Streams.rest(this, IN, batches.get(0).position(1));
		assertThat(rest).hasSize(4999).startsWith(Item.of(1));
	}

	@Test
	void reportsAnInvalidElementInItsPlace() throws InterruptedException {
		List<@Nullable Item> items = Streams.items(3);
		items.set(1, null);
		given(IN, items);
		assertThat(Streams.rest(this, IN, null)).containsExactly(Item.of(0), Streams.INVALID, Item.of(2));
	}

	@Test
	void endsAnEmptyStream() throws InterruptedException {
		given(IN, List.of());
		assertThat(Streams.rest(this, IN, null)).isEmpty();
	}

	@Test
	void staysAtTheEnd() throws InterruptedException {
		given(IN, Streams.items(3));
		try (StreamReader<Item> reader = broker().source(definition(IN)).open(Streams.MILL, null)) {
			Batch<Item> batch = reader.read(Streams.PATIENCE);
			while (batch.status() != Batch.Status.ENDED) {
				batch = reader.read(Streams.PATIENCE);
			}
			Batch<Item> behind = reader.read(Streams.PATIENCE);
			assertThat(behind.size()).isZero();
			assertThat(behind.status()).isEqualTo(Batch.Status.ENDED);
			assertThat(behind.position(0)).isEqualTo(batch.position(batch.size()));
		}
	}

	@Test
	void readsWithTwoReadersAtDifferentPlaces() throws InterruptedException {
		given(IN, Streams.items(3000));
		StreamSource<Item> source = broker().source(definition(IN));
		try (StreamReader<Item> first = source.open(Streams.MILL, null)) {
			Batch<Item> batch = first.read(Streams.PATIENCE);
			try (StreamReader<Item> second = source.open(Streams.MILL, batch.position(1))) {
				assertThat(second.read(Streams.PATIENCE).element(0)).isEqualTo(Item.of(1));
			}
			long read = batch.size();
			while (batch.status() != Batch.Status.ENDED) {
				batch = first.read(Streams.PATIENCE);
				read += batch.size();
			}
			assertThat(read).isEqualTo(3000);
		}
	}

	@Test
	void namesOnePlaceOnce() {
		given(IN, List.of());
		given("other", List.of());
		Object resource = broker().source(definition(IN)).resource();
		assertThat(broker().source(definition(IN)).resource()).isEqualTo(resource);
		assertThat(broker().source(definition("other")).resource()).isNotEqualTo(resource);
		assertThat(broker().source(definition(IN)).location()).isNotBlank();
	}

}
