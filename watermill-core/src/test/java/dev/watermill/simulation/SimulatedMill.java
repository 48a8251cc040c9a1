package dev.watermill.simulation;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Broker;
import dev.watermill.delivery.DeliveryFunction;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What mill is simulated: what it reads of each partition, and what it has to write.
 *
 * @param segments what comes in each run
 * @param windows how the master is cut into windows
 * @param later whether the function answers by a stage
 * @param concurrency how many lanes of an instance work at once
 * @param growing whether partitions are added while it works
 * @param ticker by which instances measure
 */
record SimulatedMill(List<Segment> segments, Windows windows, boolean later, int concurrency, boolean growing,
		LongSupplier ticker) {

	private static final int KEYS_OF_A_WINDOW = 3;

	private static final int SIZE = 4;

	private static final int STEP = 2;

	private static final int LAST_KEY = 17;

	static final String MASTER = "a";

	static final String CHILD = "b";

	static final String OUT = "out";

	static SimulatedMill random(long seed, Random random, LongSupplier ticker) {
		int partitions = 1 + random.nextInt(3);
		List<Segment> segments = new ArrayList<>();
		boolean twice = seed % 4 == 0;
		segments.add(Segment.random(random, partitions, twice));
		if (twice) {
			segments.add(Segment.random(new Random(seed), partitions, true));
		}
		return new SimulatedMill(segments, Windows.random(random), random.nextInt(4) == 0,
				1 + random.nextInt(partitions), random.nextInt(4) == 0, ticker);
	}

	int partitions() {
		return this.segments.get(0).masters().size();
	}

	int runs() {
		return this.segments.size();
	}

	/**
	 * What comes into a partition up to the end of a run, {@code null} for what is none.
	 */
	List<@Nullable Integer> elements(String stream, int partition, int run) {
		List<@Nullable Integer> elements = new ArrayList<>();
		this.segments.subList(0, run).forEach((segment) -> elements.addAll(segment.elements(stream, partition)));
		return elements;
	}

	/**
	 * Build an instance.
	 * @param called is run by each call of the function
	 */
	Mill build(Broker broker, Runnable called) {
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofMillis(1))
			.retry(new RetryPolicy(3, Duration.ZERO, Duration.ZERO))
			.clock(Clock.systemUTC(), this.ticker)
			.concurrency(this.concurrency)
			.partitionWatch(this.growing ? Duration.ofMillis(1) : Duration.ofHours(1), Duration.ofHours(1))
			.to(OUT, String.class, broker);
		Input<Integer> master = builder.from(MASTER, Integer.class, broker);
		JoinMany<Integer, Integer> join = builder.join(master, CHILD, Integer.class, broker)
			.onLong((left) -> left, (right) -> right)
			.many();
		master.onInvalid(ErrorPolicy.DEAD_LETTER);
		join.onInvalid(ErrorPolicy.DEAD_LETTER);
		switch (this.windows) {
			case BY_KEY -> builder.windowBy(KeyFunction.<Integer>ofLong("window", (key) -> key / KEYS_OF_A_WINDOW));
			case HOPPING ->
				builder.windowBy(KeyFunction.<Integer>ofLong("key", (key) -> key), KeySpan.of(SIZE), KeySpan.of(STEP));
			case NONE -> {
			}
		}
		DeliveryFunction<String> function = (delivery) -> {
			called.run();
			return (this.windows != Windows.NONE) ? delivery.window(master).toString()
					: delivery.get(master) + "" + delivery.matches(join);
		};
		return (this.later
				? builder.processLater((delivery) -> CompletableFuture.completedFuture(function.process(delivery)))
				: builder.process(function))
			.build();
	}

	/**
	 * Which elements have to be in the dead letters of a partition.
	 * @param end up to where that is so
	 */
	List<Long> expectedLetters(String stream, int partition, long end) {
		List<@Nullable Integer> elements = elements(stream, partition, runs());
		return LongStream.range(0, Math.min(end, elements.size()))
			.filter((index) -> elements.get((int) index) == null)
			.boxed()
			.toList();
	}

	/**
	 * What a run has to write to a partition.
	 */
	List<String> expected(int partition, int run) {
		return this.segments.get(run - 1).expected(partition, this.windows);
	}

	/**
	 * What comes in one run, up to the marks.
	 *
	 * @param masters the master's elements by partition, {@code null} for what is none
	 * @param children the child's elements by partition
	 */
	record Segment(List<List<@Nullable Integer>> masters, List<List<@Nullable Integer>> children) {

		/**
		 * Choose what comes.
		 * @param whole whether the last element of all streams has the same key, so that
		 * all are read to their marks, and none owes one to the next run
		 */
		private static Segment random(Random random, int partitions, boolean whole) {
			List<List<@Nullable Integer>> masters = new ArrayList<>();
			List<List<@Nullable Integer>> children = new ArrayList<>();
			for (int i = 0; i < partitions; i++) {
				masters.add(ascending(random, whole));
				children.add(ascending(random, whole));
			}
			return new Segment(masters, children);
		}

		private static List<@Nullable Integer> ascending(Random random, boolean whole) {
			List<@Nullable Integer> elements = new ArrayList<>();
			int key = 0;
			for (int i = random.nextInt(9); i > 0; i--) {
				key += random.nextInt(3);
				elements.add((random.nextInt(6) == 0) ? null : key);
			}
			if (whole) {
				elements.add(LAST_KEY);
			}
			return elements;
		}

		private List<@Nullable Integer> elements(String stream, int partition) {
			return (stream.equals(MASTER) ? this.masters : this.children).get(partition);
		}

		private List<String> expected(int partition, Windows windows) {
			return switch (windows) {
				case NONE -> masters(partition).filter((master) -> !matches(partition, master).isEmpty())
					.map((master) -> master + "" + matches(partition, master))
					.toList();
				case BY_KEY -> runs(partition);
				case HOPPING -> hopping(partition);
			};
		}

		private Stream<Integer> masters(int partition) {
			return this.masters.get(partition).stream().filter(Objects::nonNull);
		}

		private List<@Nullable Integer> matches(int partition, Integer master) {
			return this.children.get(partition).stream().filter(master::equals).toList();
		}

		private List<String> runs(int partition) {
			List<String> results = new ArrayList<>();
			List<Integer> window = new ArrayList<>();
			masters(partition).forEach((master) -> {
				if (!window.isEmpty() && window.get(0) / KEYS_OF_A_WINDOW != master / KEYS_OF_A_WINDOW) {
					results.add(window.toString());
					window.clear();
				}
				if (!matches(partition, master).isEmpty()) {
					window.add(master);
				}
			});
			if (!window.isEmpty()) {
				results.add(window.toString());
			}
			return results;
		}

		private List<String> hopping(int partition) {
			List<String> results = new ArrayList<>();
			int greatest = masters(partition).mapToInt(Integer::intValue).max().orElse(0);
			for (int start = -SIZE; start <= greatest; start += STEP) {
				int from = start;
				List<Integer> window = masters(partition).filter((master) -> master >= from && master < from + SIZE)
					.filter((master) -> !matches(partition, master).isEmpty())
					.toList();
				if (!window.isEmpty()) {
					results.add(window.toString());
				}
			}
			return results;
		}

	}

	/**
	 * How the master is cut.
	 */
	enum Windows {

		/** Not at all. */
		NONE,

		/** By a key, which ends with its run. */
		BY_KEY,

		/** Each element is in two. */
		HOPPING;

		private static Windows random(Random random) {
			return (random.nextInt(2) == 0) ? NONE : (random.nextBoolean()) ? BY_KEY : HOPPING;
		}

	}

}
