package dev.watermill.join.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.watermill.broker.Batch;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.codec.InvalidElement;
import dev.watermill.count.internal.ReorderCounters;
import dev.watermill.join.ArrivalPolicy;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.Position;
import dev.watermill.stream.RecordFact;
import dev.watermill.stream.RecordFacts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys that are computed of records, in whatever way these get to the merge.
 */
class RecordKeyTests {

	private static final KeyFunction<Object> KEY = KeyFunction.ofRecord("#key", Long.class, Set.of(RecordFact.KEY),
			(element, facts) -> number(facts));

	private static final KeyFunction<Object> LENGTH = KeyFunction.ofLong("length",
			(element) -> ((String) element).length());

	private static final InvalidElement INVALID = new InvalidElement("no text", null, null);

	private static Long number(RecordFacts facts) {
		byte[] key = facts.key();
		if (key == null) {
			throw new IllegalArgumentException("no key");
		}
		return Long.valueOf(new String(key, StandardCharsets.UTF_8));
	}

	private static JoinNode node(StreamSource<?> source) {
		return new JoinNode("s", source, -1, null, null, JoinNode.Take.ALL, ErrorPolicy.SKIP, ErrorPolicy.SKIP,
				ErrorPolicy.SKIP);
	}

	private static Page accept(Batch<?> batch, List<KeyFunction<?>> keys) {
		OrderedKeys ordered = new OrderedKeys(keys);
		return new Acceptance(node(new OneBatch(null)), ordered, null).accept(batch, ordered.none());
	}

	private static List<Object> keys(Page page, int column) {
		List<Object> keys = new ArrayList<>();
		for (int i = 0; i < page.size; i++) {
			keys.add(page.keys[column].get(i));
		}
		return keys;
	}

	@Test
	void areComputedOfWhatStandsWithTheElement() {
		Page page = accept(Records.of("1", "a", "2", "bb", "2", "ccc"), List.of(LENGTH, KEY));
		assertThat(keys(page, 0)).containsExactly(1L, 2L, 3L);
		assertThat(keys(page, 1)).containsExactly(1L, 2L, 2L);
	}

	@Test
	void areComputedOfWhatStandsWithTheElementBehindOneThatIsRejected() {
		Records records = Records.of("1", "a", "9", INVALID, null, "b", "x", "c", "3", "d", "2", "e", "4", "f");
		Page page = accept(records, List.of(KEY));
		assertThat(keys(page, 0)).containsExactly(1L, 3L, 4L);
		assertThat(List.of(page.elements).subList(0, page.size)).containsExactly("a", "d", "f");
	}

	@Test
	void bringElementsIntoOrder() {
		ArrivalKey key = new ArrivalKey(KEY, KeySpan.of(10), List.of(KEY, LENGTH));
		Records records = Records.of("5", "a", "3", "b", "x", "c", "4", "d");
		key.computeAll(records, records.toArray());
		assertThat(List.of(key.isValid(0), key.isValid(1), key.isValid(2), key.isValid(3))).containsExactly(true, true,
				false, true);
		assertThat(List.of(key.get(0), key.get(1), key.get(3))).containsExactly(5L, 3L, 4L);
		assertThat(key.of("b", records, 1)).isEqualTo(3L);
	}

	@Test
	void bringElementsIntoOrderWithTheirFacts() {
		Records records = Records.of("2", "a", "1", "b", "4", "c", "3", "d", "9", "e");
		JoinNode node = node(new OneBatch(records))
			.arrivingBy(new ArrivalPolicy(null, new ArrivalPolicy.Reorder(KEY, KeySpan.of(2), 100), 1));
		List<Object> found = new ArrayList<>();
		Arrivals arrivals = new Arrivals(node, List.of(KEY), new ReorderCounters());
		try (StreamReader<?> reader = arrivals.open(new LaneId("mill", 0), null)) {
			Batch<?> batch = reader.read(Duration.ZERO);
			found.addAll(keys(accept(batch, List.of(KEY)), 0));
			while (batch.status() != Batch.Status.ENDED) {
				batch = reader.read(Duration.ZERO);
				found.addAll(keys(accept(batch, List.of(KEY)), 0));
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		assertThat(found).containsExactly(1L, 2L, 3L, 4L, 9L);
	}

	/**
	 * Elements and the keys of their records.
	 */
	private record Records(List<@Nullable String> keys, List<Object> elements) implements Batch<Object> {

		static Records of(@Nullable Object... keysAndElements) {
			List<@Nullable String> keys = new ArrayList<>();
			List<Object> elements = new ArrayList<>();
			for (int i = 0; i < keysAndElements.length; i += 2) {
				keys.add((String) keysAndElements[i]);
				elements.add(Objects.requireNonNull(keysAndElements[i + 1]));
			}
			return new Records(keys, elements);
		}

		@Override
		public int size() {
			return this.elements.size();
		}

		@Override
		public Object element(int index) {
			return this.elements.get(index);
		}

		@Override
		public ElementMetadata metadata(int index) {
			String key = this.keys.get(index);
			return new ElementMetadata(null, Map.of(), 0, index,
					(key != null) ? key.getBytes(StandardCharsets.UTF_8) : null);
		}

		@Override
		public Position position(int index) {
			return Position.of("at", index);
		}

		@Override
		public String origin(int index) {
			return "s[" + index + "]";
		}

		@Override
		public Status status() {
			return Status.ENDED;
		}

	}

	private record OneBatch(@Nullable Records records) implements StreamSource<Object> {

		@Override
		public String location() {
			return "s";
		}

		@Override
		public Object resource() {
			return this;
		}

		@Override
		public StreamReader<Object> open(LaneId lane, @Nullable Position from) {
			return new StreamReader<>() {

				@Override
				public Batch<Object> read(Duration timeout) {
					return Objects.requireNonNull(OneBatch.this.records);
				}

				@Override
				public void close() {
				}

			};
		}

	}

}
