package dev.watermill;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.codec.InvalidElement;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Dead letters of streams that are brought into order, or looked through for leaps, as
 * they arrive: written once, wherever the mill crashes. A failure prints the seed;
 * {@code -Doracle.seed=...} repeats it, {@code -Doracle.arrivals=...} takes more of them.
 */
class ArrivalDeadLetterTests {

	private static final int SEEDS = Integer.getInteger("oracle.arrivals", 150);

	private static final @Nullable Long ONLY_SEED = Long.getLong("oracle.seed");

	private static final KeyFunction<Long> KEY = KeyFunction.ofLong("key", (Long element) -> element);

	private static final MillListener NOBODY = new MillListener() {
	};

	private int crashes;

	private int letters;

	private int common;

	private int different;

	@Test
	void areWrittenOnceWhereverTheMillCrashes() {
		for (long seed = 1; seed <= SEEDS; seed++) {
			long only = (ONLY_SEED != null) ? ONLY_SEED : seed;
			try {
				check(only);
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("failed with -Doracle.seed=" + only + ": " + ex.getMessage(), ex);
			}
		}
		assertThat(this.letters).isGreaterThan(SEEDS);
		assertThat(this.crashes).isGreaterThan(SEEDS);
		assertThat(this.common).isGreaterThan(5 * this.different);
	}

	private void check(long seed) {
		Random random = new Random(seed);
		List<Object> master = stream(random);
		List<Object> child = stream(random);
		int kind = random.nextInt(3);
		InMemoryBroker undisturbed = new InMemoryBroker();
		assertThat(mill(kind, inputs(seed, master, child), undisturbed, NOBODY).run()).isEqualTo(MillState.COMPLETED);
		InMemoryBroker broker = new InMemoryBroker();
		TrickleBroker inputs = inputs(seed, master, child);
		for (int run = 0; !broker.stream("out").isEnded(); run++) {
			int last = (run < 6) ? 1 + random.nextInt(10) : Integer.MAX_VALUE;
			mill(kind, inputs, broker, new MillListener() {

				private int commits;

				@Override
				public void committed(long nanos) {
					if (++this.commits == last) {
						ArrivalDeadLetterTests.this.crashes++;
						throw new Crash();
					}
				}

			}).run();
		}
		assertThat(broker.stream("out").elements()).as("results").isEqualTo(undisturbed.stream("out").elements());
		this.letters += letters(undisturbed, "a").size() + letters(undisturbed, "b").size();
		for (String stream : List.of("a", "b")) {
			// how far a stream is read that can't match any more is up to who reads
			// faster
			List<Object> found = letters(broker, stream);
			List<Object> expected = letters(undisturbed, stream);
			int shared = Math.min(found.size(), expected.size());
			assertThat(found.subList(0, shared)).as("dead letters of %s of %s and %s", stream, master, child)
				.isEqualTo(expected.subList(0, shared));
			assertThat(found).doesNotHaveDuplicates();
			this.common += shared;
			this.different += Math.abs(found.size() - expected.size());
		}
	}

	/**
	 * Keys that go back a little, or too far, and leap ahead, and elements that are none.
	 */
	private static List<Object> stream(Random random) {
		List<Object> elements = new ArrayList<>();
		long key = 0;
		for (int i = 10 + random.nextInt(25); i > 0; i--) {
			key += random.nextInt(3);
			int kind = random.nextInt(12);
			if (kind == 0) {
				elements.add(new InvalidElement("none", null, null));
			}
			else {
				elements
					.add((kind == 1) ? key - 5 - random.nextInt(5) : (kind == 2) ? key + 50 : key - random.nextInt(3));
			}
		}
		return elements;
	}

	private static TrickleBroker inputs(long seed, List<Object> master, List<Object> child) {
		TrickleBroker inputs = new TrickleBroker(new Random(seed));
		inputs.put("a", master);
		inputs.put("b", child);
		return inputs;
	}

	private static Mill mill(int kind, TrickleBroker inputs, InMemoryBroker broker, MillListener listener) {
		AtomicLong ticks = new AtomicLong();
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofNanos(1))
			.clock(Clock.systemUTC(), ticks::incrementAndGet)
			.deadLetters(StreamDefinition.of("letters", DeadLetter.class), broker)
			.listener(listener);
		Input<Long> master = builder.from("a", Long.class, inputs);
		JoinMany<Long, Long> child = builder.join(master, "b", Long.class, inputs).on(KEY, KEY).many();
		for (Input<Long> input : List.of(master, child)) {
			input.onInvalid(ErrorPolicy.DEAD_LETTER);
			input.onDisorder(ErrorPolicy.DEAD_LETTER);
			if (kind != 1) {
				input.reorder(KEY, KeySpan.of(3));
			}
			if (kind != 0) {
				input.maxStep(KEY, KeySpan.of(30));
			}
		}
		return builder.windowBy(KeyFunction.ofLong("window", (Long element) -> Math.floorDiv(element, 5L)))
			.process((delivery) -> delivery.window(master) + " with " + delivery.get(child).size())
			.to("out", String.class, broker)
			.build();
	}

	private static List<Object> letters(InMemoryBroker broker, String stream) {
		return broker.<DeadLetter>stream("letters")
			.elements()
			.stream()
			.filter((letter) -> letter.stream().equals(stream))
			.<Object>map((letter) -> letter.element().origin().get("index") + " " + letter.reason())
			.toList();
	}

}
