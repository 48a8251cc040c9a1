package dev.watermill.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What windows cost: five million elements, in memory already, cut in several ways into
 * windows of 600 elements of which only the size is asked. Times are for one element,
 * which is in six of the hopping windows.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(value = 2, jvmArgsAppend = { "-Xms4g", "-Xmx4g", "-Xmn2g", "-XX:+UseParallelGC", "-XX:+AlwaysPreTouch" })
public class WindowBenchmark {

	private static final int ELEMENTS = 5_000_000;

	private static final int SIZE = 600;

	private static final KeyFunction<Reading> TIME = KeyFunction.ofLong("time", Reading::time);

	private List<Reading> readings = List.of();

	@Setup
	public void makeElements() {
		List<Reading> made = new ArrayList<>(ELEMENTS);
		for (int i = 0; i < ELEMENTS; i++) {
			made.add(new Reading(i, i % 100));
		}
		this.readings = made;
	}

	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Sum> byKey() {
		KeyFunction<Reading> key = KeyFunction.ofLong("time / 600", (reading) -> reading.time() / SIZE);
		return windows((builder) -> builder.windowBy(key));
	}

	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Sum> tumbling() {
		return windows((builder) -> builder.windowBy(TIME, KeySpan.of(SIZE), KeySpan.of(SIZE)));
	}

	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Sum> hopping() {
		return windows((builder) -> builder.windowBy(TIME, KeySpan.of(SIZE), KeySpan.of(SIZE / 6)));
	}

	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Sum> counted() {
		return windows((builder) -> builder.windowCount(SIZE));
	}

	private List<Sum> windows(Consumer<MillBuilder> cut) {
		InMemoryBroker broker = new InMemoryBroker();
		broker.<Reading>stream("reading").complete(this.readings);
		MillBuilder builder = Mill.builder("benchmark");
		Input<Reading> master = builder.from("reading", Reading.class, broker);
		cut.accept(builder);
		builder.process((delivery) -> new Sum(delivery.window(master).size()));
		builder.to("sum", Sum.class, broker);
		Mill mill = builder.build();
		if (mill.run() != MillState.COMPLETED) {
			throw new IllegalStateException(String.valueOf(mill.status()));
		}
		InMemoryStream<Sum> sums = broker.stream("sum");
		return sums.elements();
	}

	/**
	 * The elements.
	 *
	 * @param time the key
	 * @param value the value
	 */
	public record Reading(long time, int value) {

	}

	/**
	 * The results.
	 *
	 * @param count how many elements a window has
	 */
	public record Sum(int count) {

	}

}
