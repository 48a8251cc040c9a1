package dev.watermill.join.internal;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.watermill.broker.Batch;
import dev.watermill.broker.StreamReader;
import dev.watermill.count.internal.ReorderCounters;
import dev.watermill.join.ArrivalPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.Position;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What waits to be brought into order keeps no more of what was read with it than as many
 * elements as are allowed to wait, twice.
 */
class ReorderMemoryTests {

	private static final int BATCHES = 90;

	private static final int SIZE = 50;

	private static final int MOST = 100;

	private static final KeyFunction<Integer> TIME = KeyFunction.ofLong("time", Integer::longValue);

	/**
	 * Of each batch one element waits and the others go on at once.
	 */
	@Test
	void sparseOnesThatWaitKeepFewOthersAlive() throws InterruptedException {
		Sparse stream = new Sparse();
		ArrivalPolicy.Reorder policy = new ArrivalPolicy.Reorder(TIME, KeySpan.of(10), MOST);
		ArrivalKey key = new ArrivalKey(TIME, KeySpan.of(10), List.of(TIME));
		try (ReorderedReader reader = new ReorderedReader(stream, policy, key, new ReorderCounters(), null)) {
			Batch<Object> last = reader.read(Duration.ZERO);
			int out = last.size();
			while (stream.batches.size() < BATCHES) {
				last = reader.read(Duration.ZERO);
				out += last.size();
			}
			assertThat(reader.held()).isEqualTo(BATCHES);
			assertThat(out).isEqualTo(BATCHES * (SIZE - 1));
			int most = 2 * MOST / SIZE + 3;
			Awaitility.await().untilAsserted(() -> {
				System.gc();
				assertThat(stream.batches).filteredOn((batch) -> batch.get() != null).hasSizeLessThan(most);
			});
			assertThat(reader.rest()).singleElement().satisfies((rest) -> {
				assertThat(rest.size()).isEqualTo(BATCHES);
				assertThat(rest.origin(1)).isEqualTo("s[" + (SIZE + SIZE / 2) + "]");
				assertThat(rest.position(1).text("order.last")).isEqualTo("l100");
				assertThat(rest.position(1).number("at")).isEqualTo(SIZE + SIZE / 2);
			});
			assertThat(last.size()).isPositive();
		}
	}

	private static final class Sparse implements StreamReader<Object> {

		private final List<WeakReference<Batch<?>>> batches = new ArrayList<>();

		@Override
		public Batch<Object> read(Duration timeout) {
			Batch<Object> batch = new Items(this.batches.size() * SIZE);
			this.batches.add(new WeakReference<>(batch));
			return batch;
		}

		@Override
		public void close() {
		}

	}

	private static final class Items implements Batch<Object> {

		private final int from;

		Items(int from) {
			this.from = from;
		}

		@Override
		public int size() {
			return SIZE;
		}

		@Override
		public Object element(int index) {
			return (index == SIZE / 2) ? 100 : 90;
		}

		@Override
		public Position position(int index) {
			return Position.of("at", this.from + index);
		}

		@Override
		public String origin(int index) {
			return "s[" + (this.from + index) + "]";
		}

		@Override
		public Batch<Object> alone(int index) {
			return new Alone<>(element(index), position(index), position(index + 1), origin(index), null, null,
					(position) -> false, this.from + index);
		}

		@Override
		public Status status() {
			return Status.OPEN;
		}

	}

}
