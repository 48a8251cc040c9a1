package dev.watermill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Broker;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Joins streams of which few elements match, and those are held for long, as a process
 * with a small heap. Prints how much of the heap was alive at most, and the state in
 * which it ended.
 */
public final class SparseJoin {

	/** One element of the child in so many has a match. */
	static final int ONE_IN = 2_500;

	private static long mostAlive;

	private SparseJoin() {
	}

	public static void main(String[] args) {
		String mode = args[0];
		int elements = Integer.parseInt(args[1]);
		Mill mill = switch (mode) {
			case "once" -> once(elements);
			case "window" -> window(new Numbers(elements, ONE_IN), new Numbers(elements, 1), elements);
			case "deep" -> deep(elements);
			default -> window(new Files(Path.of(args[2])), new Files(Path.of(args[2])), elements);
		};
		MillState state = mill.run();
		alive();
		System.out.println("alive at most: " + mostAlive + " MB of " + (Runtime.getRuntime().maxMemory() >> 20)
				+ " MB, " + mill.counters().inputs().get("child").read().get() + " elements read");
		System.out.println((mill.status().lastError() != null) ? mill.status().lastError().message() : state);
	}

	private static void alive() {
		System.gc();
		Runtime runtime = Runtime.getRuntime();
		mostAlive = Math.max(mostAlive, (runtime.totalMemory() - runtime.freeMemory()) >> 20);
	}

	private static MillBuilder builder() {
		return Mill.builder("memory").to("none", String.class, new InMemoryBroker());
	}

	/** One match, and then nothing but elements without. */
	private static Mill once(int elements) {
		MillBuilder builder = builder();
		Input<Item> parent = builder.from("parent", Item.class, new Numbers(elements, 1));
		JoinMany<Item, Item> child = builder.join(parent, "child", Item.class, new Numbers(elements, 1))
			.onLong((item) -> (item.time() == 0) ? 0 : item.time() * 2 + elements, Item::time)
			.many();
		builder.forEach((delivery) -> expect(delivery.get(child).size() == 1));
		return builder.build();
	}

	/** All matches in one window. */
	private static Mill window(Broker parents, Broker children, int elements) {
		MillBuilder builder = builder();
		Input<Item> parent = builder.from("parent", Item.class, parents);
		JoinMany<Item, Item> child = builder.join(parent, "child", Item.class, children)
			.onLong(Item::time, Item::time)
			.many();
		builder.windowBy(KeyFunction.<Item>ofLong("all", (item) -> 0));
		builder.forEach((delivery) -> {
			alive();
			expect(delivery.window(parent).size() == elements / ONE_IN);
			expect(delivery.get(child).size() == elements / ONE_IN);
		});
		return builder.build();
	}

	/** One window, with a group of many elements below each of its own, and so on. */
	private static Mill deep(int elements) {
		MillBuilder builder = builder();
		Input<Item> parent = builder.from("parent", Item.class, new Numbers(elements, ONE_IN));
		JoinMany<Item, Item> middle = builder.join(parent, "middle", Item.class, new Numbers(elements, ONE_IN / 2))
			.onLong((item) -> item.time() / ONE_IN, (item) -> item.time() / ONE_IN)
			.many();
		JoinMany<Item, Item> child = builder.join(middle, "child", Item.class, new Numbers(elements, 1))
			.onLong(Item::time, Item::time)
			.many();
		builder.windowBy(KeyFunction.<Item>ofLong("all", (item) -> 0));
		builder.forEach((delivery) -> {
			alive();
			expect(delivery.get(child).size() == elements / ONE_IN * 2);
		});
		return builder.build();
	}

	private static void expect(boolean expectation) {
		if (!expectation) {
			throw new IllegalStateException("not what was expected");
		}
	}

	/**
	 * An element.
	 */
	record Item(long time, long @Nullable [] load) {

	}

	private record Files(Path directory) implements Broker {

		@Override
		public <T> StreamSource<T> source(StreamDefinition<T> definition) {
			Path file = this.directory.resolve(definition.name() + ".jsonl");
			return JsonFileBroker.builder(JsonMapper.shared())
				.build()
				.source(new StreamDefinition<>(definition.name(), definition.type(),
						Map.of(JsonFileBroker.FILE_PROPERTY, file.toString())));
		}

	}

	/**
	 * Streams of elements of 1 KB, with every step-th number, computed when they are
	 * read. A batch leads to the one behind it, as one of a queue does.
	 */
	private record Numbers(int elements, int step) implements Broker {

		@Override
		public <T> StreamSource<T> source(StreamDefinition<T> definition) {
			return new StreamSource<>() {

				@Override
				public String location() {
					return "numbers";
				}

				@Override
				public Object resource() {
					return definition.name();
				}

				@Override
				public StreamReader<T> open(LaneId lane, @Nullable Position from) {
					return new Reader<>(Numbers.this, (from != null) ? from.number("at") : 0);
				}

			};
		}

	}

	private static final class Reader<T> implements StreamReader<T> {

		private final Numbers numbers;

		private long at;

		private @Nullable Chain<T> last;

		Reader(Numbers numbers, long at) {
			this.numbers = numbers;
			this.at = at;
		}

		@Override
		public Batch<T> read(Duration timeout) {
			long from = this.at;
			int all = this.numbers.elements / this.numbers.step;
			this.at = Math.min(from + 500, all);
			Item[] items = new Item[(int) (this.at - from)];
			Arrays.setAll(items, (i) -> new Item((from + i) * this.numbers.step, new long[128]));
			Chain<T> next = new Chain<>(List.of(items), from,
					(this.at == all) ? Batch.Status.ENDED : Batch.Status.OPEN);
			if (this.last != null) {
				this.last.next = next;
			}
			this.last = next;
			return next;
		}

		@Override
		public void close() {
		}

	}

	private static final class Chain<T> implements Batch<T> {

		private final List<Item> items;

		private final long from;

		private final Status status;

		@SuppressWarnings("unused")
		private @Nullable Chain<T> next;

		Chain(List<Item> items, long from, Status status) {
			this.items = items;
			this.from = from;
			this.status = status;
		}

		@Override
		public int size() {
			return this.items.size();
		}

		@Override
		public Object element(int index) {
			return this.items.get(index);
		}

		@Override
		public Position position(int index) {
			return Position.of("at", this.from + index);
		}

		@Override
		public String origin(int index) {
			return "numbers[" + (this.from + index) + "]";
		}

		@Override
		public Status status() {
			return this.status;
		}

	}

}
