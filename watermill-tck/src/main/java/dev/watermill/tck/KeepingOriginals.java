package dev.watermill.tck;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

import dev.watermill.broker.Batch;
import dev.watermill.broker.OriginalElement;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Declares that elements of a broker can become dead letters: it knows them as they were
 * read, and which of them stand before a position.
 *
 * @since 0.1.0
 */
public interface KeepingOriginals extends SourceFixture {

	/**
	 * Elements that are valid, and one that is not, are known as they were read.
	 * @throws InterruptedException if the thread was interrupted
	 */
	@Test
	default void knowsElementsAsTheyWereRead() throws InterruptedException {
		List<@Nullable Item> items = Streams.items(40);
		items.set(17, null);
		given("in", items);
		List<OriginalElement> originals = new ArrayList<>();
		for (Batch<Item> batch : keeping(null)) {
			for (int i = 0; i < batch.size(); i++) {
				OriginalElement original = batch.original(i);
				assertThat(original).as(batch.origin(i)).isNotNull();
				originals.add(original);
			}
		}
		assertThat(originals).hasSize(40);
		assertThat(new HashSet<>(originals.stream().map(OriginalElement::origin).toList())).as("places").hasSize(40);
		assertThat(originals.get(16).origin()).isNotEmpty()
			.allSatisfy((name, value) -> assertThat(value).isInstanceOfAny(Long.class, String.class));
		assertThat(originals.get(16).value()).isNotEmpty();
	}

	/**
	 * Of each element it is known which one it is, and whether it stands before a
	 * position, wherever reading began.
	 * @throws InterruptedException if the thread was interrupted
	 */
	@Test
	default void tellsWhatStandsBeforeAPosition() throws InterruptedException {
		List<@Nullable Item> items = Streams.items(12);
		items.set(0, null);
		items.set(7, null);
		items.set(11, null);
		given("in", items);
		List<Position> positions = new ArrayList<>();
		List<Long> numbers = new ArrayList<>();
		for (Batch<Item> batch : keeping(null)) {
			for (int i = 0; i < batch.size(); i++) {
				positions.add(Position.parse(batch.position(i).toString()));
				numbers.add(batch.number(i));
			}
			if (batch.status() == Batch.Status.ENDED) {
				positions.add(Position.parse(batch.position(batch.size()).toString()));
			}
		}
		assertThat(numbers).doesNotHaveDuplicates().allMatch((number) -> number >= 0);
		for (int from : new int[] { 0, 1, 7, 8 }) {
			int element = from;
			for (Batch<Item> batch : keeping((from > 0) ? positions.get(from) : null)) {
				for (int i = 0; i < batch.size(); i++) {
					for (int other = 0; other < positions.size(); other++) {
						assertThat(batch.isBefore(i, positions.get(other)))
							.as("%s before %s", batch.origin(i), positions.get(other))
							.isEqualTo(element < other);
					}
					assertThat(batch.number(i)).as(batch.origin(i)).isEqualTo(numbers.get(element));
					element++;
				}
			}
			assertThat(element).isEqualTo(12);
		}
	}

	/**
	 * An element by itself, whose batch need not be kept, is known as it was there.
	 * @throws InterruptedException if the thread was interrupted
	 */
	@Test
	default void knowsAnElementByItselfAsInItsBatch() throws InterruptedException {
		List<@Nullable Item> items = Streams.items(5);
		items.set(0, null);
		items.set(3, null);
		given("in", items);
		for (Batch<Item> batch : keeping(null)) {
			for (int i = 0; i < batch.size(); i++) {
				Batch<Item> alone = batch.alone(i);
				assertThat(alone.size()).isOne();
				assertThat(alone.element(0)).isSameAs(batch.element(i));
				assertThat(alone.position(0)).isEqualTo(batch.position(i));
				assertThat(alone.position(1)).isEqualTo(batch.position(i + 1));
				assertThat(alone.origin(0)).isEqualTo(batch.origin(i));
				assertThat(alone.number(0)).isEqualTo(batch.number(i));
				assertThat(String.valueOf(alone.metadata(0))).isEqualTo(String.valueOf(batch.metadata(i)));
				OriginalElement original = Objects.requireNonNull(batch.original(i));
				assertThat(alone.original(0)).isNotNull()
					.satisfies((noted) -> assertThat(noted.value()).isEqualTo(original.value()))
					.satisfies((noted) -> assertThat(noted.origin()).isEqualTo(original.origin()));
				for (int other = 0; other < batch.size(); other++) {
					assertThat(alone.isBefore(0, batch.position(other))).isEqualTo(i < other);
				}
			}
		}
	}

	private List<Batch<Item>> keeping(@Nullable Position from) throws InterruptedException {
		List<Batch<Item>> batches = new ArrayList<>();
		StreamSource<Item> source = broker().source(definition("in"));
		source.keepOriginals();
		try (StreamReader<Item> reader = source.open(Streams.MILL, from)) {
			do {
				batches.add(reader.read(Streams.PATIENCE));
			}
			while (batches.get(batches.size() - 1).status() != Batch.Status.ENDED);
		}
		return batches;
	}

}
