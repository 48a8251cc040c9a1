package dev.watermill.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

/**
 * What it costs to bring streams into order: a file of a million readings joined with
 * another, as they are in order, and as both are shuffled and brought into it. Times are
 * for one reading of the master.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 8)
@Fork(value = 2, jvmArgsAppend = { "-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch" })
public class ReorderBenchmark {

	private static final int READINGS = 1_000_000;

	/** How often {@link #main} tries. */
	private static final int RUNS = 6;

	/** By how many places elements are late at most: about half of them wait at once. */
	@Param({ "10", "1000", "20000" })
	public int within = 1000;

	private Path directory = Path.of("");

	@Setup
	public void writeReadings() throws IOException {
		this.directory = Files.createTempDirectory("watermill-benchmark");
		List<Integer> times = new ArrayList<>(READINGS);
		for (int i = 0; i < READINGS; i++) {
			times.add(i);
		}
		write("in-order.jsonl", times);
		Random random = new Random(13);
		int[] places = times.stream().mapToInt((time) -> time + random.nextInt(this.within)).toArray();
		times.sort(Comparator.comparingInt((time) -> places[time]));
		write("shuffled.jsonl", times);
	}

	private void write(String name, List<Integer> times) throws IOException {
		try (BufferedWriter writer = Files.newBufferedWriter(this.directory.resolve(name))) {
			for (int time : times) {
				writer.write("{\"time\":" + time + ",\"value\":" + (time % 1000) / 4.0 + "}\n");
			}
		}
	}

	@TearDown(Level.Iteration)
	public void deleteResults() throws IOException {
		delete("sums");
	}

	@TearDown
	public void deleteReadings() throws IOException {
		delete("");
		Files.delete(this.directory);
	}

	private void delete(String prefix) throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			files.filter((file) -> file.getFileName().toString().startsWith(prefix))
				.forEach((file) -> file.toFile().delete());
		}
	}

	@Benchmark
	@OperationsPerInvocation(READINGS)
	public long inOrder() throws IOException {
		return join("in-order.jsonl", false);
	}

	@Benchmark
	@OperationsPerInvocation(READINGS)
	public long broughtIntoOrder() throws IOException {
		return join("shuffled.jsonl", true);
	}

	private long join(String name, boolean reorder) throws IOException {
		JsonFileBroker files = JsonFileBroker.builder(JsonMapper.builder().build()).build();
		MillBuilder builder = Mill.builder("benchmark");
		Path in = this.directory.resolve(name);
		Input<Reading> left = builder.from(file("left", Reading.class, in), files);
		JoinFirst<Reading, Other> right = builder.join(left, file("right", Other.class, in), files)
			.onLong(Reading::time, Other::time)
			.first();
		if (reorder) {
			left.reorder(KeyFunction.ofLong("time", Reading::time), KeySpan.of(this.within));
			right.reorder(KeyFunction.ofLong("time", Other::time), KeySpan.of(this.within));
		}
		builder.process((delivery) -> {
			Reading reading = delivery.get(left);
			return new Sum(reading.time(), reading.value() + delivery.get(right).get(reading).value());
		});
		Path output = this.directory.resolve("sums.jsonl");
		builder.to(file("sum", Sum.class, output), Sum.class, files);
		Mill mill = builder.build();
		if (mill.run() != MillState.COMPLETED || mill.counters().deliveries().get() != READINGS) {
			throw new IllegalStateException(String.valueOf(mill.status()));
		}
		return Files.size(output);
	}

	/**
	 * Print the least CPU times of the mill's thread, which tell more than the clock on a
	 * machine that others use as well.
	 * @param within by how many places elements are late
	 * @throws IOException if files can't be written
	 */
	public static void main(String... within) throws IOException {
		for (String places : within) {
			ReorderBenchmark benchmark = new ReorderBenchmark();
			benchmark.within = Integer.parseInt(places);
			benchmark.writeReadings();
			double inOrder = Double.MAX_VALUE;
			double brought = Double.MAX_VALUE;
			for (int i = 0; i < RUNS; i++) {
				inOrder = Math.min(inOrder, benchmark.cpuTime(benchmark::inOrder));
				brought = Math.min(brought, benchmark.cpuTime(benchmark::broughtIntoOrder));
			}
			benchmark.deleteReadings();
			System.out.printf("within %s places: %.0f ns in order, %.0f ns brought into it, %.2f times%n", places,
					inOrder, brought, brought / inOrder);
		}
	}

	private double cpuTime(Callable<Long> task) throws IOException {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long start = threads.getCurrentThreadCpuTime();
		try {
			task.call();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		double time = threads.getCurrentThreadCpuTime() - start;
		deleteResults();
		return time / READINGS;
	}

	private static <T> StreamDefinition<T> file(String stream, Class<T> type, Path path) {
		return new StreamDefinition<>(stream, type, Map.of(JsonFileBroker.FILE_PROPERTY, path.toString()));
	}

	/**
	 * The master's elements.
	 *
	 * @param time the key
	 * @param value the value
	 */
	public record Reading(long time, double value) {

	}

	/**
	 * The child's elements.
	 *
	 * @param time the key
	 * @param value the value
	 */
	public record Other(long time, double value) {

	}

	/**
	 * The results.
	 *
	 * @param time the key
	 * @param value the value
	 */
	public record Sum(long time, double value) {

	}

}
