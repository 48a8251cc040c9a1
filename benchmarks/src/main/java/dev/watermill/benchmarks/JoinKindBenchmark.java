package dev.watermill.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.watermill.JoinCondition;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.engine.MillState;
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
 * What the kinds of joins cost, beside the inner join by equal keys: five million
 * elements on either side, in memory already, with a match each; for every other one;
 * within ten. Times are for one element of the master.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(value = 2, jvmArgsAppend = { "-Xms4g", "-Xmx4g", "-Xmn2g", "-XX:+UseParallelGC", "-XX:+AlwaysPreTouch" })
public class JoinKindBenchmark {

	private static final int ELEMENTS = 5_000_000;

	private List<Reading> readings = List.of();

	private List<Calibration> calibrations = List.of();

	/** Every other one of these. */
	private List<Calibration> half = List.of();

	@Setup
	public void makeElements() {
		List<Reading> left = new ArrayList<>(ELEMENTS);
		List<Calibration> right = new ArrayList<>(ELEMENTS);
		for (int i = 0; i < ELEMENTS; i++) {
			left.add(new Reading(i, i % 100));
			right.add(new Calibration(i, i % 7));
		}
		this.half = IntStream.range(0, ELEMENTS / 2).mapToObj((index) -> right.get(2 * index)).toList();
		this.readings = left;
		this.calibrations = right;
	}

	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Corrected> innerFirst() {
		return one(JoinCondition.Matches::first);
	}

	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Corrected> optionalFirst() {
		return optional(this.calibrations);
	}

	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Corrected> optionalHalf() {
		return optional(this.half);
	}

	private List<Corrected> optional(List<Calibration> right) {
		return join(right, (builder, master, matches) -> {
			JoinOptional<Reading, Calibration> match = matches.optional().first();
			builder.process((delivery) -> {
				Reading from = delivery.get(master);
				return new Corrected(from.time(),
						from.value() + delivery.get(match).get(from).map(Calibration::offset).orElse(0));
			});
		});
	}

	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Corrected> asOfBackward() {
		return one((matches) -> matches.asOf().match());
	}

	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Corrected> withinTen() {
		return join(this.calibrations, (builder, master, matches) -> {
			JoinMany<Reading, Calibration> near = matches.within(9, 0).many();
			builder.process((delivery) -> {
				Reading from = delivery.get(master);
				return new Corrected(from.time(), from.value() + delivery.get(near).get(from).size());
			});
		});
	}

	private List<Corrected> one(
			Function<JoinCondition<Reading, Calibration>.Matches, JoinFirst<Reading, Calibration>> kind) {
		return join(this.calibrations, (builder, master, matches) -> {
			JoinFirst<Reading, Calibration> match = kind.apply(matches);
			builder.process((delivery) -> corrected(delivery, master, match));
		});
	}

	private static Corrected corrected(Delivery delivery, Input<Reading> master,
			JoinFirst<Reading, Calibration> match) {
		Reading from = delivery.get(master);
		return new Corrected(from.time(), from.value() + delivery.get(match).get(from).offset());
	}

	private List<Corrected> join(List<Calibration> right, Kind kind) {
		InMemoryBroker broker = new InMemoryBroker();
		broker.<Reading>stream("reading").complete(this.readings);
		broker.<Calibration>stream("calibration").complete(right);
		MillBuilder builder = Mill.builder("benchmark");
		Input<Reading> master = builder.from("reading", Reading.class, broker);
		kind.build(builder, master, builder.join(master, "calibration", Calibration.class, broker)
			.onLong(Reading::time, Calibration::time));
		builder.to("corrected", Corrected.class, broker);
		Mill mill = builder.build();
		if (mill.run() != MillState.COMPLETED) {
			throw new IllegalStateException(String.valueOf(mill.status()));
		}
		InMemoryStream<Corrected> corrected = broker.stream("corrected");
		return corrected.elements();
	}

	@FunctionalInterface
	private interface Kind {

		void build(MillBuilder builder, Input<Reading> master, JoinCondition<Reading, Calibration>.Matches matches);

	}

	/**
	 * The master's elements.
	 *
	 * @param time the key
	 * @param value the value
	 */
	public record Reading(long time, int value) {

	}

	/**
	 * The child's elements.
	 *
	 * @param time the key
	 * @param offset what is added to the value
	 */
	public record Calibration(long time, int offset) {

	}

	/**
	 * The results.
	 *
	 * @param time the key
	 * @param value the value
	 */
	public record Corrected(long time, int value) {

	}

}
