package dev.watermill.engine.internal;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.watermill.Accounting;
import dev.watermill.Crash;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.StreamConflictException;
import dev.watermill.broker.Broker;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.codec.InvalidElement;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.DeliveryErrorHandler.Decision;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DeadLetterTests {

	private static final RetryPolicy NO_RETRY = new RetryPolicy(0, Duration.ZERO, Duration.ZERO);

	private static final LaneId LANE = new LaneId("mill", 0);

	private final InMemoryBroker broker = new InMemoryBroker(3);

	private final MillBuilder builder = Mill.builder("mill").to("out", Object.class, this.broker);

	private final Input<Integer> master = this.builder.from("a", Integer.class, this.broker);

	private final JoinMany<Integer, Integer> join = this.builder.join(this.master, "b", Integer.class, this.broker)
		.onLong((left) -> left, (right) -> right)
		.many();

	private void put(String stream, Object... elements) {
		this.broker.stream(stream).complete(List.of(elements));
	}

	private List<DeadLetter> letters(String stream) {
		InMemoryStream<DeadLetter> letters = this.broker.stream(stream);
		return letters.elements();
	}

	private static List<String> values(List<DeadLetter> letters) {
		return letters.stream().map((letter) -> value(letter)).toList();
	}

	private static String value(DeadLetter letter) {
		byte[] value = letter.element().value();
		return (value != null) ? new String(value, StandardCharsets.UTF_8) : null;
	}

	private static long deadLettered(Mill mill, String stream, SkipReason reason) {
		MillCounters.Input counters = mill.counters().inputs().get(stream);
		return counters.deadLettered(reason).get();
	}

	private int failOn(Delivery delivery, int element) {
		int current = delivery.get(this.master);
		if (current == element) {
			throw new IllegalStateException("as intended");
		}
		return current;
	}

	@Test
	void writesTheMastersElementOfADeliveryThatFailed() {
		this.builder.retry(NO_RETRY).onError(ErrorPolicy.DEAD_LETTER);
		put("a", 1, 2, 3);
		put("b", 1, 2, 2, 3);
		Mill mill = this.builder.process((delivery) -> failOn(delivery, 2)).build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.broker.<Object>stream("out").elements()).containsExactly(1, 3);
		assertThat(letters("a-dlt")).singleElement().satisfies((letter) -> {
			assertThat(letter.mill()).isEqualTo("mill");
			assertThat(letter.stream()).isEqualTo("a");
			assertThat(letter.reason()).isEqualTo(SkipReason.FAILED);
			assertThat(letter.message()).contains("mill 'mill'", "a[1]", "as intended");
			assertThat(letter.exception()).isInstanceOf(IllegalStateException.class);
			assertThat(letter.positions()).isEqualTo(Map.of("a", "a[1]", "b", "b[1]"));
			assertThat(letter.element().origin()).isEqualTo(Map.of("stream", "a", "index", 1L));
			assertThat(value(letter)).isEqualTo("2");
		});
		assertThat(letters("b-dlt")).isEmpty();
		assertThat(deadLettered(mill, "a", SkipReason.FAILED)).isEqualTo(1);
		assertThat(mill.counters().inputs().get("b").skipped(SkipReason.FAILED).get()).isEqualTo(2);
		Accounting.assertAccounted(mill, "a", 2, 0);
		Accounting.assertAccounted(mill, "b", 2, 0);
	}

	@Test
	void writesAllElementsOfAWindowThatFailed() {
		this.builder.retry(NO_RETRY)
			.onError(ErrorPolicy.DEAD_LETTER)
			.windowBy(KeyFunction.ofLong("tens", (Integer element) -> element / 10));
		put("a", 1, 2, 11, 12, 13, 14, 15, 21);
		put("b", 1, 2, 11, 12, 13, 14, 15, 21);
		Mill mill = this.builder.process((delivery) -> {
			failOn(delivery, 11);
			return delivery.window(this.master).toString();
		}).build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.broker.<Object>stream("out").elements()).containsExactly("[1, 2]", "[21]");
		assertThat(values(letters("a-dlt"))).containsExactly("11", "12", "13", "14", "15");
		assertThat(letters("a-dlt")).extracting((letter) -> letter.positions().get("b")).containsOnly("b[2]");
		assertThat(deadLettered(mill, "a", SkipReason.FAILED)).isEqualTo(5);
		Accounting.assertAccounted(mill, "a", 3, 0);
		Accounting.assertAccounted(mill, "b", 3, 0);
	}

	@Test
	void writesWhatAHandlerDecides() {
		this.builder.retry(NO_RETRY)
			.errorHandler((failed) -> Decision.deadLetter())
			.deadLetters("a", StreamDefinition.of("letters", DeadLetter.class), this.broker);
		put("a", 1, 2, 3);
		put("b", 1, 2, 3);
		Mill mill = this.builder.process((delivery) -> failOn(delivery, 2)).build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(values(letters("letters"))).containsExactly("2");
	}

	@Test
	void failsIfAHandlerDecidesSoWithoutAPlace() {
		this.builder.retry(NO_RETRY).errorHandler((failed) -> Decision.deadLetter());
		put("a", 1, 2, 3);
		put("b", 1, 2, 3);
		Mill mill = this.builder.process((delivery) -> failOn(delivery, 2)).build();
		assertThat(mill.deadLetters()).isEmpty();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("no place for the dead letters", "Name one", "a[1]");
		assertThat(this.broker.<Object>stream("out").elements()).containsExactly(1);
	}

	@Test
	void writesADeliveryOnceThatHadWrittenAPartOfItsResults() {
		this.builder.retry(NO_RETRY).onError(ErrorPolicy.DEAD_LETTER);
		put("a", 1, 2, 3);
		put("b", 1, 2, 3);
		Mill mill = this.builder.processStream((delivery) -> {
			int current = delivery.get(this.master);
			return IntStream.range(0, 1000).mapToObj((i) -> {
				if (current == 2 && i == 999) {
					throw new IllegalStateException("as intended");
				}
				return current;
			});
		}).build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.broker.<Object>stream("out").elements()).hasSize(2000).doesNotContain(2);
		assertThat(values(letters("a-dlt"))).containsExactly("2");
		assertThat(deadLettered(mill, "a", SkipReason.FAILED)).isEqualTo(1);
	}

	@Test
	void writesWhatIsPassedOverAsItWas() {
		this.master.onInvalid(ErrorPolicy.DEAD_LETTER);
		this.join.onDisorder(ErrorPolicy.DEAD_LETTER);
		InvalidElement invalid = new InvalidElement("found '}', expected a value", new byte[] { '}' }, null);
		put("a", 1, invalid, 2, InvalidElement.tombstone("no value"), 3);
		put("b", 1, 2, 1, 3);
		Mill mill = this.builder.process((delivery) -> delivery.get(this.master)).build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.broker.<Object>stream("out").elements()).containsExactly(1, 2, 3);
		assertThat(values(letters("a-dlt"))).containsExactly("}", null);
		assertThat(letters("a-dlt")).extracting(DeadLetter::reason)
			.containsExactly(SkipReason.INVALID, SkipReason.TOMBSTONE);
		assertThat(letters("a-dlt").get(0).message()).isEqualTo("found '}', expected a value");
		assertThat(values(letters("b-dlt"))).containsExactly("1");
		assertThat(letters("b-dlt").get(0).message()).contains("1 after 2");
		assertThat(deadLettered(mill, "a", SkipReason.INVALID)).isEqualTo(1);
		assertThat(deadLettered(mill, "a", SkipReason.TOMBSTONE)).isEqualTo(1);
		assertThat(deadLettered(mill, "b", SkipReason.DISORDER)).isEqualTo(1);
		Accounting.assertAccounted(mill, "a", 3, 0);
		Accounting.assertAccounted(mill, "b", 3, 0);
	}

	@Test
	void staysWhatItIsThoughANewVersionOfTheApplicationAcceptsIt() {
		InvalidElement refused = new InvalidElement("refused", new byte[] { '3' }, null);
		put("a", 1, 2, refused, 4, refused, 15);
		put("b", 1, 2, 3, 4, 5, 15);
		this.master.onInvalid(ErrorPolicy.DEAD_LETTER);
		AtomicLong ticks = new AtomicLong();
		this.builder.windowBy(KeyFunction.ofLong("tens", (Integer element) -> element / 10))
			.process((delivery) -> delivery.window(this.master).toString())
			.commitInterval(Duration.ofNanos(1))
			.clock(Clock.systemUTC(), ticks::incrementAndGet);
		MillListener crash = new MillListener() {

			private boolean crashed;

			@Override
			public void committed(long nanos) {
				Checkpoint.Input input = DeadLetterTests.this.broker.committed(LANE).orElseThrow().inputs().get("a");
				if (input.letters() != null && !this.crashed) {
					this.crashed = true;
					throw new Crash();
				}
			}

		};
		Mill mill = this.builder.listener(crash).build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(values(letters("a-dlt"))).containsExactly("3");
		assertThat(this.broker.committed(LANE).orElseThrow().inputs().get("a"))
			.isEqualTo(new Checkpoint.Input(Position.of("offset", 0), Map.of("key of a for b", ""))
				.withLetters(Position.of("offset", 3), "2"));
		// the next version reads one of those of which it is written that they are
		// refused: delivered it would be processed twice, once its letter is replayed
		put("a", 1, 2, 3, 4, refused, 15);
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.broker.<Object>stream("out").elements()).containsExactly("[1, 2, 4]", "[15]");
		assertThat(letters("a-dlt")).extracting((letter) -> letter.element().origin().get("index"))
			.containsExactly(2L, 4L);
	}

	@Test
	void hasAPlaceForAStreamElseForTheMill() {
		this.master.onInvalid(ErrorPolicy.DEAD_LETTER);
		this.join.onInvalid(ErrorPolicy.DEAD_LETTER);
		this.builder.deadLetters(StreamDefinition.of("all", DeadLetter.class), this.broker)
			.deadLetters("b", StreamDefinition.of("of-b", DeadLetter.class), this.broker);
		put("a", 1, new InvalidElement("bad", new byte[] { 'a' }, null), 2);
		put("b", 1, new InvalidElement("bad", new byte[] { 'b' }, null), 2);
		Mill mill = this.builder.process((delivery) -> delivery.get(this.master)).build();
		assertThat(mill.deadLetters().get("a").stream()).isEqualTo("dead-letters:all");
		assertThat(mill.deadLetters().get("b").stream()).isEqualTo("dead-letters:of-b");
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(values(letters("all"))).containsExactly("a");
		assertThat(values(letters("of-b"))).containsExactly("b");
		assertThat(this.broker.committed(LANE).orElseThrow().outputs()).containsOnlyKeys("out", "dead-letters:all",
				"dead-letters:of-b");
	}

	@Test
	void letsStreamsShareAPlace() {
		this.master.onInvalid(ErrorPolicy.DEAD_LETTER);
		this.join.onInvalid(ErrorPolicy.DEAD_LETTER);
		this.builder.deadLetters("a", StreamDefinition.of("all", DeadLetter.class), this.broker)
			.deadLetters("b", StreamDefinition.of("all", DeadLetter.class), this.broker);
		put("a", 1, new InvalidElement("bad", new byte[] { 'a' }, null), 2);
		put("b", 1, new InvalidElement("bad", new byte[] { 'b' }, null), 2);
		Mill mill = this.builder.process((delivery) -> delivery.get(this.master)).build();
		assertThat(mill.deadLetters().get("a")).isSameAs(mill.deadLetters().get("b"));
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(values(letters("all"))).containsExactlyInAnyOrder("a", "b");
	}

	@Test
	void refusesAMillWithoutAPlace() {
		Broker without = new WithoutPlaces(this.broker);
		MillBuilder other = Mill.builder("other");
		Input<Integer> in = other.from("in", Integer.class, without);
		in.onDisorder(ErrorPolicy.DEAD_LETTER);
		other.forEach((delivery) -> {
		});
		assertThatIllegalArgumentException().isThrownBy(other::build)
			.withMessageContainingAll("mill 'other'", "stream 'in'", "dead-letter", "file (.jsonl) or a topic");
		other.deadLetters(StreamDefinition.of("letters", DeadLetter.class), this.broker);
		assertThat(other.build().deadLetters()).containsOnlyKeys("in");
		other.deadLetters("nobody", StreamDefinition.of("letters", DeadLetter.class), this.broker);
		assertThatIllegalArgumentException().isThrownBy(other::build).withMessageContainingAll("'nobody'", "[in]");
	}

	@Test
	void refusesAMillThatReadsItsOwnDeadLetters() {
		this.master.onInvalid(ErrorPolicy.DEAD_LETTER);
		this.builder.deadLetters(StreamDefinition.of("b", DeadLetter.class), this.broker)
			.process((delivery) -> delivery.get(this.master));
		assertThatExceptionOfType(StreamConflictException.class).isThrownBy(this.builder::build)
			.withMessageContaining("reads its own output");
	}

	/**
	 * A broker whose elements can become dead letters, but not there.
	 */
	private record WithoutPlaces(Broker broker) implements Broker {

		@Override
		public <T> StreamSource<T> source(StreamDefinition<T> definition) {
			return this.broker.source(definition);
		}

		@Override
		public <R> StreamSink<R> sink(StreamDefinition<R> definition) {
			return this.broker.sink(definition);
		}

	}

}
