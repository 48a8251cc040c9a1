package dev.watermill;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Broker;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Joins a long stream with itself, as a process: prints the state in which that ended.
 */
public final class SelfJoin {

	private SelfJoin() {
	}

	public static void main(String[] args) {
		String mode = args[0];
		int elements = Integer.parseInt(args[1]);
		long[] sum = new long[1];
		MillBuilder builder = Mill.builder("memory").to("none", String.class, new InMemoryBroker());
		Broker numbers = new Numbers(elements);
		Input<Step> master = builder.from("step", Step.class, numbers);
		JoinCondition<Step, Step>.Matches join = builder.join(master, "next", Step.class, numbers)
			.onLong((step) -> mode.equals("unmatched") ? -1 : step.time() + 1, Step::time);
		switch (mode) {
			case "first" -> {
				JoinFirst<Step, Step> next = join.first();
				builder.forEach((delivery) -> sum[0] += delivery.get(next).size());
			}
			case "deep" -> {
				JoinMany<Step, Step> next = join.many();
				JoinMany<Step, Step> after = builder.join(next, "after", Step.class, numbers)
					.on((step) -> step.time() / 3, (step) -> step.time() / 2)
					.many();
				builder.forEach((delivery) -> sum[0] += delivery.get(after).size());
			}
			case "window" -> {
				JoinMany<Step, Step> next = join.many();
				builder.windowBy(KeyFunction.<Step>ofLong("thousand", (step) -> step.time() / 1000));
				builder.forEach((delivery) -> sum[0] += delivery.get(next).size());
			}
			case "hopping" -> {
				join.many();
				builder.windowBy(KeyFunction.<Step>ofLong("time", Step::time), KeySpan.of(3_000), KeySpan.of(500));
				builder.forEach((delivery) -> sum[0] += delivery.window(master).size());
			}
			case "near" -> {
				JoinMany<Step, Step> next = join.within(9, 0).many();
				JoinOptional<Step, Step> before = builder.join(master, "before", Step.class, numbers)
					.onLong(Step::time, Step::time)
					.asOf()
					.notExact()
					.by((step) -> step.time() % 1000, (step) -> step.time() % 1000)
					.optional();
				builder.forEach((delivery) -> {
					sum[0] += delivery.matches(next).size();
					delivery.match(before).ifPresent((step) -> sum[0] -= delivery.get(master).time() - step.time());
				});
			}
			default -> {
				JoinMany<Step, Step> next = join.many();
				builder.forEach((delivery) -> sum[0] += delivery.get(next).size());
			}
		}
		MillState state = builder.build().run();
		long expected = switch (mode) {
			case "unmatched" -> 0;
			case "near" -> near(elements);
			case "hopping" -> 6L * (elements - 1);
			case "deep" -> Math.max(sum[0], 1);
			default -> elements - 1;
		};
		System.out.println((sum[0] == expected) ? state : "sum is " + sum[0]);
	}

	/**
	 * Ten each, but for the first and the last ones; and a thousand less for each that
	 * has one of its value before it.
	 */
	private static long near(int elements) {
		return LongStream.range(0, elements)
			.map((time) -> Math.min(time + 1, elements - 1) - Math.max(time - 8, 0) + 1 - ((time < 1000) ? 0 : 1000))
			.sum();
	}

	record Step(long time, long[] load) {

	}

	/**
	 * Streams whose elements are computed when they are read.
	 */
	private record Numbers(int elements) implements Broker {

		@Override
		public <T> StreamSource<T> source(StreamDefinition<T> definition) {
			return new StreamSource<>() {

				@Override
				public String location() {
					return "numbers";
				}

				@Override
				public Object resource() {
					return "numbers";
				}

				@Override
				public StreamReader<T> open(LaneId lane, @Nullable Position from) {
					return new Reader<>(Numbers.this.elements, (from != null) ? from.number("at") : 0);
				}

			};
		}

	}

	private static final class Reader<T> implements StreamReader<T> {

		private final int elements;

		private long at;

		Reader(int elements, long at) {
			this.elements = elements;
			this.at = at;
		}

		@Override
		public Batch<T> read(Duration timeout) {
			long from = this.at;
			this.at = Math.min(from + 500, this.elements);
			Object[] steps = new Object[(int) (this.at - from)];
			for (int i = 0; i < steps.length; i++) {
				steps[i] = new Step(from + i, new long[4]);
			}
			return new Slice<>(List.of(steps), from,
					(this.at == this.elements) ? Batch.Status.ENDED : Batch.Status.OPEN);
		}

		@Override
		public void close() {
		}

	}

	private record Slice<T>(List<Object> steps, long from, Status status) implements Batch<T> {

		@Override
		public int size() {
			return this.steps.size();
		}

		@Override
		public Object element(int index) {
			return this.steps.get(index);
		}

		@Override
		public Position position(int index) {
			return Position.of("at", this.from + index);
		}

		@Override
		public String origin(int index) {
			return "numbers[" + (this.from + index) + "]";
		}

	}

}
