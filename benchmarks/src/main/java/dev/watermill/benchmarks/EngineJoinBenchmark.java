package dev.watermill.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.engine.MillState;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.metrics.MillMetrics;
import dev.watermill.spring.metrics.MillTimers;
import dev.watermill.spring.mill.Mills;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
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
 * What the engine costs for an element, beside loops written by hand: a one-to-one join
 * of ten million elements that are in memory already, into ten million results that stay
 * there. Times are for one element of the master.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(value = 2, jvmArgsAppend = { "-Xms6g", "-Xmx6g", "-Xmn3g", "-XX:+UseParallelGC", "-XX:+AlwaysPreTouch" })
public class EngineJoinBenchmark {

	private static final int ELEMENTS = 10_000_000;

	private static final long DISTANCE = 10;

	private List<Reading> readings = List.of();

	private List<Calibration> calibrations = List.of();

	@Setup
	public void makeElements() {
		List<Reading> left = new ArrayList<>(ELEMENTS);
		List<Calibration> right = new ArrayList<>(ELEMENTS);
		for (int i = 0; i < ELEMENTS; i++) {
			left.add(new Reading(i, i % 100));
			right.add(new Calibration(i + DISTANCE, i % 7));
		}
		this.readings = left;
		this.calibrations = right;
	}

	/**
	 * The merge as somebody would write it who needs just this one.
	 */
	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Corrected> handWrittenMerge() {
		Iterator<Reading> left = this.readings.iterator();
		Iterator<Calibration> right = this.calibrations.iterator();
		Calibration candidate = right.hasNext() ? right.next() : null;
		List<Corrected> results = new ArrayList<>();
		while (left.hasNext() && candidate != null) {
			Reading reading = left.next();
			long key = reading.time() + DISTANCE;
			while (candidate != null && candidate.time() < key) {
				candidate = right.hasNext() ? right.next() : null;
			}
			if (candidate != null && candidate.time() == key) {
				results.add(new Corrected(reading.time(), reading.value() + candidate.offset()));
			}
		}
		return results;
	}

	/**
	 * The same merge if it serves any key and any number of matches: boxed keys, a list
	 * for each group.
	 */
	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Corrected> handWrittenGeneralMerge() {
		Iterator<Reading> left = this.readings.iterator();
		Iterator<Calibration> right = this.calibrations.iterator();
		Calibration candidate = right.hasNext() ? right.next() : null;
		Comparable<Long> openKey = null;
		List<Calibration> group = List.of();
		List<Corrected> results = new ArrayList<>();
		while (left.hasNext()) {
			Reading reading = left.next();
			Long key = reading.time() + DISTANCE;
			if (openKey == null || openKey.compareTo(key) != 0) {
				openKey = key;
				group = new ArrayList<>();
				while (candidate != null && openKey.compareTo(candidate.time()) >= 0) {
					if (openKey.compareTo(candidate.time()) == 0) {
						group.add(candidate);
					}
					candidate = right.hasNext() ? right.next() : null;
				}
			}
			if (!group.isEmpty()) {
				results.add(new Corrected(reading.time(), reading.value() + group.get(0).offset()));
			}
		}
		return results;
	}

	/**
	 * The engine, built as a user builds it.
	 */
	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Corrected> engine() {
		return join((builder) -> {
		}, (mill) -> {
		});
	}

	/**
	 * The same with the meters that the auto-configuration binds, in Prometheus'
	 * registry.
	 */
	@Benchmark
	@OperationsPerInvocation(ELEMENTS)
	public List<Corrected> engineWithMetrics() {
		MillTimers timers = new MillTimers();
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		List<Corrected> results = join(timers, (mill) -> new MillMetrics(new OneMill(mill), timers).bindTo(registry));
		if (!registry.scrape().contains("watermill_process_seconds_count")) {
			throw new IllegalStateException(registry.scrape());
		}
		return results;
	}

	private List<Corrected> join(MillCustomizer customizer, Consumer<Mill> before) {
		InMemoryBroker broker = new InMemoryBroker();
		broker.<Reading>stream("reading").complete(this.readings);
		broker.<Calibration>stream("calibration").complete(this.calibrations);
		MillBuilder builder = Mill.builder("benchmark");
		Input<Reading> reading = builder.from("reading", Reading.class, broker);
		JoinFirst<Reading, Calibration> calibration = builder.join(reading, "calibration", Calibration.class, broker)
			.onLong((left) -> left.time() + DISTANCE, Calibration::time)
			.first();
		builder.process((delivery) -> {
			Reading from = delivery.get(reading);
			return new Corrected(from.time(), from.value() + delivery.get(calibration).get(from).offset());
		});
		builder.to("corrected", Corrected.class, broker);
		customizer.customize(builder);
		Mill mill = builder.build();
		before.accept(mill);
		if (mill.run() != MillState.COMPLETED) {
			throw new IllegalStateException(String.valueOf(mill.status()));
		}
		InMemoryStream<Corrected> corrected = broker.stream("corrected");
		return corrected.elements();
	}

	private record OneMill(Mill mill) implements Mills {

		@Override
		public Collection<Mill> all() {
			return List.of(this.mill);
		}

		@Override
		public Mill get(String name) {
			return this.mill;
		}

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
	 * @param offset the value
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
