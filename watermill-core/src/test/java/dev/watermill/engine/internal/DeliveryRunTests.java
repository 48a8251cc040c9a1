package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.EndOfStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.Result;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever happens within a run of deliveries, it is as without runs, which there are not
 * where a listener asks how long each takes.
 */
class DeliveryRunTests {

	private static final int ELEMENTS = 1000;

	private static final int RUNS = 12;

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 7, 64, 512 })
	void runsAreSeenByNobody(int batchSize) {
		for (long seed = 0; seed < RUNS; seed++) {
			List<String> expected = new Sitting(seed, batchSize, false).seen();
			assertThat(new Sitting(seed, batchSize, true).seen()).as("seed %d", seed).isEqualTo(expected);
		}
	}

	/**
	 * A mill that is started until its streams are over, with a function that does now
	 * and then what is unusual.
	 */
	private static final class Sitting {

		private final InMemoryBroker broker;

		private final Random random;

		private final List<String> seen = new ArrayList<>();

		private final Mill mill;

		private final Input<Long> master;

		private final JoinFirst<Long, Long> child;

		private int failing;

		Sitting(long seed, int batchSize, boolean runs) {
			this.random = new Random(seed);
			this.broker = new InMemoryBroker(batchSize);
			this.broker.stream("a").appendAll(elements((i) -> i - i % 50 / 49)).end();
			this.broker.stream("b").appendAll(elements((i) -> (this.random.nextInt(100) == 0) ? i + 1 : i)).end();
			MillBuilder builder = Mill.builder("mill")
				.to("out", String.class, this.broker)
				.retry(new RetryPolicy(this.random.nextInt(3), Duration.ZERO, Duration.ZERO));
			if (this.random.nextBoolean()) {
				builder.onError(ErrorPolicy.SKIP);
			}
			if (!runs) {
				builder.listener(new MillListener() {
				});
			}
			this.master = builder.from("a", Long.class, this.broker);
			this.child = builder.join(this.master, "b", Long.class, this.broker)
				.onLong((left) -> left, (right) -> right)
				.first();
			builder.function(Result.Shape.SINGLE, this::process);
			this.mill = builder.build();
		}

		private static List<Object> elements(LongFunction<Object> element) {
			return LongStream.range(0, ELEMENTS).mapToObj(element).toList();
		}

		private Object process(Delivery delivery) {
			Long element = delivery.get(this.master);
			note(element + "=" + delivery.get(this.child).get(element) + " " + this.mill.liveness().activity());
			if (this.mill.liveness().activity() != MillLiveness.Activity.CALLING) {
				throw new AssertionError("a call is not seen");
			}
			int what = (this.failing > 0) ? 0 : this.random.nextInt(250);
			switch (what) {
				case 0 -> {
					this.failing = (this.failing > 0) ? this.failing - 1 : this.random.nextInt(4);
					throw new IllegalStateException("no");
				}
				case 1 -> {
					return null;
				}
				case 2 -> Thread.currentThread().interrupt();
				case 3 -> this.mill.stop();
				case 4 -> {
					return Result.of("r" + element);
				}
				case 5 -> {
					return 5;
				}
				case 6 -> note(delivery.context().positions() + " " + delivery.context().key());
				case 7 -> {
					if (this.random.nextInt(5) == 0) {
						delivery.context().endOfStream();
					}
				}
				case 8 -> {
					if (this.random.nextInt(5) == 0) {
						return EndOfStream.INSTANCE;
					}
				}
				default -> {
				}
			}
			return "r" + element;
		}

		private void note(Object what) {
			this.seen.add(String.valueOf(what));
		}

		List<String> seen() {
			for (int starts = 0; starts < ELEMENTS && !this.broker.stream("out").isEnded(); starts++) {
				note(this.mill.run());
				note((this.mill.status().lastError() != null) ? this.mill.status().lastError().message() : "");
				note(this.broker.committed(new LaneId("mill", 0)));
				note(this.mill.counters().deliveries().get());
				note(this.mill.counters().skippedDeliveries().get());
				for (String stream : List.of("a", "b")) {
					note(this.mill.counters().inputs().get(stream).read().get());
					for (SkipReason reason : SkipReason.values()) {
						note(this.mill.counters().inputs().get(stream).skipped(reason).get());
					}
				}
				note(this.mill.counters().results().get("out").get());
				InMemoryStream<Object> out = this.broker.stream("out");
				note(out.elements());
			}
			return this.seen;
		}

	}

}
