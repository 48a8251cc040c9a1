package dev.watermill.simulation;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Broker;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What mill is simulated: what it reads of each partition, and what it has to write.
 *
 * @param masters the master's elements by partition, {@code null} for what is none
 * @param children the child's elements by partition
 * @param windowed whether the master is cut into windows
 * @param concurrency how many lanes of an instance work at once
 * @param growing whether partitions are added while it works
 * @param ticker by which instances measure
 */
record SimulatedMill(List<List<@Nullable Integer>> masters, List<List<@Nullable Integer>> children, boolean windowed,
		int concurrency, boolean growing, LongSupplier ticker) {

	private static final int KEYS_OF_A_WINDOW = 3;

	static final String MASTER = "a";

	static final String CHILD = "b";

	static final String OUT = "out";

	static SimulatedMill random(Random random, LongSupplier ticker) {
		List<List<@Nullable Integer>> masters = new ArrayList<>();
		List<List<@Nullable Integer>> children = new ArrayList<>();
		int partitions = 1 + random.nextInt(3);
		for (int i = 0; i < partitions; i++) {
			masters.add(ascending(random));
			children.add(ascending(random));
		}
		return new SimulatedMill(masters, children, random.nextInt(3) == 0, 1 + random.nextInt(partitions),
				random.nextInt(4) == 0, ticker);
	}

	private static List<@Nullable Integer> ascending(Random random) {
		List<@Nullable Integer> elements = new ArrayList<>();
		int key = 0;
		for (int i = random.nextInt(9); i > 0; i--) {
			key += random.nextInt(3);
			elements.add((random.nextInt(6) == 0) ? null : key);
		}
		return elements;
	}

	int partitions() {
		return this.masters.size();
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
		if (this.windowed) {
			builder.windowBy(KeyFunction.<Integer>ofLong("window", (key) -> key / KEYS_OF_A_WINDOW));
			return builder.process((delivery) -> {
				called.run();
				return delivery.window(master).toString();
			}).build();
		}
		return builder.process((delivery) -> {
			called.run();
			return delivery.get(master) + "" + delivery.matches(join);
		}).build();
	}

	/**
	 * Which elements have to be in the dead letters of a partition.
	 * @param end up to where that is so
	 */
	List<Long> expectedLetters(String stream, int partition, long end) {
		List<@Nullable Integer> elements = (stream.equals(MASTER) ? this.masters : this.children).get(partition);
		return LongStream.range(0, Math.min(end, elements.size()))
			.filter((index) -> elements.get((int) index) == null)
			.boxed()
			.toList();
	}

	/**
	 * What has to be in a partition in the end.
	 */
	List<String> expected(int partition) {
		List<String> results = new ArrayList<>();
		List<Integer> window = new ArrayList<>();
		for (@Nullable
		Integer master : this.masters.get(partition)) {
			if (master == null) {
				continue;
			}
			List<@Nullable Integer> matches = this.children.get(partition).stream().filter(master::equals).toList();
			if (!window.isEmpty() && window.get(0) / KEYS_OF_A_WINDOW != master / KEYS_OF_A_WINDOW) {
				results.add(window.toString());
				window.clear();
			}
			if (matches.isEmpty()) {
				continue;
			}
			if (this.windowed) {
				window.add(master);
			}
			else {
				results.add(master + "" + matches);
			}
		}
		if (!window.isEmpty()) {
			results.add(window.toString());
		}
		return results;
	}

}
