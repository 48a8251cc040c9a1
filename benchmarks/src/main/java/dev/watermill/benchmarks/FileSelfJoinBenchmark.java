package dev.watermill.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.engine.MillState;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of a million locations joined with itself, ten seconds on, into a file of
 * speeds: a mill beside the loop somebody would write with Jackson. The mill also commits
 * its positions ten times a second. Times are for one location.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 8)
@Fork(value = 2, jvmArgsAppend = { "-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch" })
public class FileSelfJoinBenchmark {

	private static final int LOCATIONS = 1_000_000;

	private final JsonMapper mapper = JsonMapper.builder().build();

	private Path directory = Path.of("");

	private Path locations = Path.of("");

	@Setup
	public void writeLocations() throws IOException {
		this.directory = Files.createTempDirectory("watermill-benchmark");
		this.locations = this.directory.resolve("locations.jsonl");
		try (BufferedWriter writer = Files.newBufferedWriter(this.locations)) {
			for (int i = 0; i < LOCATIONS; i++) {
				writer
					.write("{\"time\":" + i * 10L + ",\"x\":" + (i % 1000) / 4.0 + ",\"y\":" + (i % 777) / 8.0 + "}\n");
			}
		}
	}

	@TearDown(Level.Iteration)
	public void deleteResults() throws IOException {
		deleteAllBut(this.locations);
	}

	@TearDown
	public void deleteLocations() throws IOException {
		deleteAllBut(this.directory);
		Files.delete(this.locations);
		Files.delete(this.directory);
	}

	private void deleteAllBut(Path kept) throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			files.sorted(Comparator.reverseOrder())
				.filter((file) -> !file.equals(kept) && !file.equals(this.directory) && !file.equals(this.locations))
				.forEach((file) -> file.toFile().delete());
		}
	}

	/**
	 * Two readers, a merge and a writer, with Jackson as it is set up by default: it
	 * flushes every element.
	 */
	@Benchmark
	@OperationsPerInvocation(LOCATIONS)
	public long handWrittenLoop() throws IOException {
		return join(this.mapper);
	}

	/**
	 * The same with Jackson told not to flush.
	 */
	@Benchmark
	@OperationsPerInvocation(LOCATIONS)
	public long handWrittenTunedLoop() throws IOException {
		return join(this.mapper.rebuild().disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE).build());
	}

	private long join(JsonMapper json) throws IOException {
		Path output = this.directory.resolve("by-hand.jsonl");
		try (MappingIterator<Location> left = json.readerFor(Location.class).readValues(this.locations.toFile());
				MappingIterator<NextStep> right = json.readerFor(NextStep.class).readValues(this.locations.toFile());
				SequenceWriter writer = json.writerFor(Speed.class)
					.withRootValueSeparator("\n")
					.writeValues(output.toFile())) {
			NextStep candidate = right.hasNext() ? right.next() : null;
			while (left.hasNext() && candidate != null) {
				Location from = left.next();
				long key = from.time() + 10;
				while (candidate != null && candidate.time() < key) {
					candidate = right.hasNext() ? right.next() : null;
				}
				if (candidate != null && candidate.time() == key) {
					writer.write(speed(from, candidate));
				}
			}
		}
		return Files.size(output);
	}

	/**
	 * The mill, built as a user builds it.
	 */
	@Benchmark
	@OperationsPerInvocation(LOCATIONS)
	public long mill() throws IOException {
		Path output = this.directory.resolve("speeds.jsonl");
		JsonFileBroker files = JsonFileBroker.builder(this.mapper).build();
		MillBuilder builder = Mill.builder("benchmark");
		Input<Location> from = builder.from(file("location", Location.class, this.locations), files);
		JoinFirst<Location, NextStep> next = builder
			.join(from, file("next-step", NextStep.class, this.locations), files)
			.onLong((location) -> location.time() + 10, NextStep::time)
			.first();
		builder.process((delivery) -> {
			Location location = delivery.get(from);
			return speed(location, delivery.get(next).get(location));
		});
		builder.to(file("speed", Speed.class, output), Speed.class, files);
		Mill mill = builder.build();
		if (mill.run() != MillState.COMPLETED) {
			throw new IllegalStateException(String.valueOf(mill.status()));
		}
		return Files.size(output);
	}

	private static <T> StreamDefinition<T> file(String stream, Class<T> type, Path path) {
		return new StreamDefinition<>(stream, type, Map.of(JsonFileBroker.FILE_PROPERTY, path.toString()));
	}

	private static Speed speed(Location from, NextStep to) {
		if (to == null) {
			throw new UncheckedIOException(new IOException("No next step for " + from));
		}
		double x = to.x() - from.x();
		double y = to.y() - from.y();
		return new Speed(from.time(), Math.sqrt(x * x + y * y) / 10);
	}

	/**
	 * The master's elements.
	 *
	 * @param time in seconds
	 * @param x in metres
	 * @param y in metres
	 */
	public record Location(long time, double x, double y) {

	}

	/**
	 * The child's elements.
	 *
	 * @param time in seconds
	 * @param x in metres
	 * @param y in metres
	 */
	public record NextStep(long time, double x, double y) {

	}

	/**
	 * The results.
	 *
	 * @param time in seconds
	 * @param speed in metres a second
	 */
	public record Speed(long time, double speed) {

	}

}
