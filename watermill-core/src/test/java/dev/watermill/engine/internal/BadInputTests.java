package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.watermill.Accounting;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.codec.InvalidElement;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BadInputTests {

	private static final InvalidElement INVALID = new InvalidElement("found '}', expected a value", null, null);

	private final InMemoryBroker broker = new InMemoryBroker(2);

	private final MillBuilder builder = Mill.builder("mill").to("out", String.class, this.broker);

	private final Input<Integer> master = this.builder.from("a", Integer.class, this.broker);

	private final JoinMany<Integer, Integer> join = this.builder.join(this.master, "b", Integer.class, this.broker)
		.onLong((left) -> left, (right) -> right)
		.many();

	private final List<Integer> called = new ArrayList<>();

	private Mill mill() {
		this.builder.process((delivery) -> {
			this.called.add(delivery.get(this.master));
			return delivery.get(this.master) + "=" + delivery.get(this.join).get(delivery.get(this.master)).size();
		});
		return this.builder.build();
	}

	private List<Object> out() {
		InMemoryStream<Object> out = this.broker.stream("out");
		return out.elements();
	}

	private void put(String stream, Object... elements) {
		this.broker.stream(stream).complete(List.of(elements));
	}

	private long skipped(Mill mill, String stream, SkipReason reason) {
		MillCounters.Input counters = mill.counters().inputs().get(stream);
		return counters.skipped(reason).get();
	}

	@Test
	void failsBeforeAnInvalidElementAndGoesOnThereWhenItIsCorrected() {
		put("a", 1, 2, INVALID, 4);
		put("b", 1, 2, 3, 4, 5);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(out()).containsExactly("1=1", "2=1");
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "stream 'a'", "a[2]",
				"found '}', expected a value", "on-invalid");
		Accounting.assertAccounted(mill, "a", 2, 0);
		Accounting.assertAccounted(mill, "b", 2, 0);
		put("a", 1, 2, 3, 4);
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1=1", "2=1", "3=1", "4=1");
		assertThat(this.called).containsExactly(1, 2, 3, 4);
	}

	@Test
	void failsBeforeAnInvalidElementOfASecondary() {
		put("a", 1, 2, 3);
		put("b", 1, 2, INVALID, 3);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("stream 'b'", "b[2]");
		// whether the group of 2 is complete is known behind the invalid element only
		assertThat(out()).containsExactly("1=1");
		Accounting.assertAccounted(mill, "a", 1, 0);
		Accounting.assertAccounted(mill, "b", 1, 1);
		put("b", 1, 2, 2, 3);
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1=1", "2=2", "3=1");
		assertThat(this.called).containsExactly(1, 2, 3);
	}

	@Test
	void doesNotFailForAnElementThatNobodyNeeds() {
		put("a", 1);
		put("b", 1, 2, INVALID);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		Accounting.assertAccounted(mill, "a", 1, 0);
		Accounting.assertAccounted(mill, "b", 1, 0);
	}

	@Test
	void skipsInvalidElementsWhereThatIsAskedFor() {
		this.master.onInvalid(ErrorPolicy.SKIP);
		put("a", INVALID, 1, INVALID, INVALID, 2, INVALID);
		put("b", 1, 2, 3);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1=1", "2=1");
		assertThat(skipped(mill, "a", SkipReason.INVALID)).isEqualTo(4);
		assertThat(mill.counters().inputs().get("a").read().get()).isEqualTo(6);
		Accounting.assertAccounted(mill, "a", 2, 0);
		Accounting.assertAccounted(mill, "b", 2, 0);
	}

	@Test
	void countsInEachCommitWhatItCoversAndNothingElse() {
		this.master.onInvalid(ErrorPolicy.SKIP);
		this.master.onDisorder(ErrorPolicy.SKIP);
		put("a", INVALID, 1, INVALID, INVALID, 2, 1, 3, INVALID);
		put("b", 1, 2, 3);
		List<Mill> mills = new ArrayList<>();
		List<Long> covered = new ArrayList<>();
		this.builder.commitInterval(Duration.ofNanos(1)).listener(new MillListener() {

			@Override
			public void committed(long nanos) {
				Position position = BadInputTests.this.broker.committed(new LaneId("mill", 0))
					.orElseThrow()
					.inputs()
					.get("a")
					.position();
				long offset = position.equals(Position.empty()) ? 0 : position.number("offset");
				assertThat(mills.get(0).counters().inputs().get("a").read().get()).isEqualTo(offset);
				covered.add(offset);
			}

		});
		mills.add(mill());
		assertThat(mills.get(0).run()).isEqualTo(MillState.COMPLETED);
		// before each element, and at the end
		assertThat(covered).contains(0L, 1L, 4L, 6L, 8L);
		Accounting.assertAccounted(mills.get(0), "a", 3, 0);
	}

	@Test
	void countsElementsWithoutAValueByThemselves() {
		this.master.onInvalid(ErrorPolicy.SKIP);
		put("a", InvalidElement.tombstone("no value"), 1, INVALID, InvalidElement.tombstone("no value"), 2);
		put("b", 1, 2, 3);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(skipped(mill, "a", SkipReason.TOMBSTONE)).isEqualTo(2);
		assertThat(skipped(mill, "a", SkipReason.INVALID)).isEqualTo(1);
		Accounting.assertAccounted(mill, "a", 2, 0);
	}

	@Test
	void skipsElementsWithoutAValueOnlyWhereThatIsAskedFor() {
		put("b", 1, 2, 3);
		this.master.onTombstone(ErrorPolicy.SKIP);
		put("a", InvalidElement.tombstone("no value"), 1, 2);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(skipped(mill, "a", SkipReason.TOMBSTONE)).isEqualTo(1);
		Accounting.assertAccounted(mill, "a", 2, 0);
	}

	@Test
	void failsBeforeAnElementWithoutAValueThoughInvalidOnesAreSkipped() {
		put("b", 1, 2, 3);
		this.master.onInvalid(ErrorPolicy.SKIP);
		this.master.onTombstone(ErrorPolicy.FAIL);
		put("a", INVALID, 1, InvalidElement.tombstone("no value"), 2);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("no value", "Set on-tombstone to skip or dead-letter");
	}

	@Test
	void countsTheElementsOfDeliveriesThatFailed() {
		this.builder.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO)).onError(ErrorPolicy.SKIP);
		this.builder.process((delivery) -> {
			int element = delivery.get(this.master);
			if (element == 2 || element == 3 && this.called.contains(3)) {
				throw new IllegalStateException("as intended");
			}
			this.called.add(element);
			return "" + element;
		});
		put("a", 1, 2, 3, 3, 4);
		put("b", 1, 2, 2, 3, 5);
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1", "3");
		assertThat(skipped(mill, "a", SkipReason.FAILED)).isEqualTo(2);
		// 3 was in a delivery that succeeded, too
		assertThat(skipped(mill, "b", SkipReason.FAILED)).isEqualTo(2);
		Accounting.assertAccounted(mill, "a", 2, 0);
		Accounting.assertAccounted(mill, "b", 2, 0);
	}

	@Test
	void countsTheFirstMatchesOfDeliveriesThatFailed() {
		MillBuilder first = Mill.builder("first").to("out", Integer.class, this.broker);
		first.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO)).onError(ErrorPolicy.SKIP);
		Input<Integer> a = first.from("a", Integer.class, this.broker);
		first.join(a, "b", Integer.class, this.broker).onLong((left) -> left, (right) -> right).first();
		first.process((delivery) -> {
			if (delivery.get(a) % 3 == 0) {
				throw new IllegalStateException("as intended");
			}
			return delivery.get(a);
		});
		Object[] numbers = IntStream.range(0, 30).boxed().toArray();
		put("a", numbers);
		put("b", numbers);
		Mill mill = first.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(skipped(mill, "a", SkipReason.FAILED)).isEqualTo(10);
		assertThat(skipped(mill, "b", SkipReason.FAILED)).isEqualTo(10);
		Accounting.assertAccounted(mill, "a", 20, 0);
		Accounting.assertAccounted(mill, "b", 20, 0);
	}

	@Test
	void failsBeforeAnElementOutOfOrderAndGoesOnThere() {
		put("a", 1, 3, 2, 4);
		put("b", 1, 2, 3, 4);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		// which of both is where it does not belong nobody knows
		assertThat(out()).containsExactly("1=1");
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "stream 'a'", "a[2]", "2 after 3",
				"sort it", "on-disorder");
		Accounting.assertAccounted(mill, "a", 1, 0);
		Accounting.assertAccounted(mill, "b", 1, 0);
		// the key before it is remembered, so it is still out of order
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("2 after 3");
		put("a", 1, 3, 3, 4);
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1=1", "3=1", "3=1", "4=1");
	}

	@Test
	void skipsElementsOutOfOrderWhereThatIsAskedFor() {
		this.master.onDisorder(ErrorPolicy.SKIP);
		put("a", 1, 3, 2, 1, 3, 4);
		put("b", 1, 2, 3, 4);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1=1", "3=1", "3=1", "4=1");
		assertThat(skipped(mill, "a", SkipReason.DISORDER)).isEqualTo(2);
		Accounting.assertAccounted(mill, "a", 4, 0);
		Accounting.assertAccounted(mill, "b", 3, 0);
	}

	@Test
	void anExpressionThatThrowsMakesItsElementInvalid() {
		this.builder.join(this.master, "c", Integer.class, this.broker)
			.on(KeyFunction.<Integer>ofLong("6 / x", (left) -> 6 / left - 6),
					KeyFunction.<Integer>ofLong("x", (x) -> x))
			.many();
		put("a", 0, 1);
		put("b", 0, 1);
		put("c", 0);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("stream 'a'", "a[0]", "6 / x", "/ by zero");
		this.master.onInvalid(ErrorPolicy.SKIP);
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1=1");
	}

	@Test
	void aWindowKeyThatIsNullMakesItsElementInvalid() {
		this.builder.windowBy(KeyFunction.<Integer>ofObject("window", Object.class, (x) -> (x == 2) ? null : "w"));
		put("a", 1, 2, 3);
		put("b", 1, 2, 3);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("stream 'a'", "a[1]", "window", "null");
		this.master.onInvalid(ErrorPolicy.SKIP);
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1);
	}

	@Test
	void aWindowKeyOfAnotherKindMakesItsElementInvalid() {
		this.builder.windowBy(
				KeyFunction.<Integer>ofObject("window", Object.class, (x) -> (x % 3 == 0) ? "x" : (Object) (x / 10)));
		put("a", 1, 2, 3, 4, 6, 9, 11);
		put("b", 1, 2, 3, 4, 6, 9, 11);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("stream 'a'", "a[2]", "'window'", "a text", "a number",
				"on-invalid");
		this.master.onInvalid(ErrorPolicy.SKIP);
		Mill skipping = this.builder.build();
		assertThat(skipping.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 11);
		assertThat(skipped(skipping, "a", SkipReason.INVALID)).isEqualTo(3);
		// the former mill has processed nothing, and its open window is read again
		Accounting.assertAccounted(skipping, "a", 4, 0);
	}

	@Test
	void aWindowKeyThatIsAListOfAnotherKindMakesItsElementInvalid() {
		this.builder.windowBy(KeyFunction.<Integer>ofObject("window", List.class,
				(x) -> List.of(0, (x == 2) ? "x" : (Object) (x / 10))));
		this.master.onInvalid(ErrorPolicy.SKIP);
		put("a", 1, 2, 3, 11);
		put("b", 1, 2, 3, 11);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 11);
		assertThat(skipped(mill, "a", SkipReason.INVALID)).isEqualTo(1);
		Accounting.assertAccounted(mill, "a", 3, 0);
	}

	@Test
	void keysThatChangeTheirKindMakeTheElementInvalid() {
		this.builder.join(this.master, "c", Object.class, this.broker)
			.on((left) -> (long) left, (right) -> right)
			.many();
		put("a", 1, 2);
		put("b", 1, 2);
		put("c", 1, "2", 3);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("stream 'c'", "c[1]", "a text", "a number");
	}

	@Test
	void keysOfTwoSidesThatDoNotCompareFailTheMillByName() {
		this.builder.join(this.master, "c", String.class, this.broker)
			.on(KeyFunction.<Integer>ofObject("number", Object.class, (left) -> left),
					KeyFunction.<String>ofObject("text", Object.class, (right) -> right))
			.many();
		put("a", 1, 2);
		put("b", 1, 2);
		put("c", "1", "2");
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "stream 'c'", "c[0]", "'number'",
				"'text'", "one kind");
	}

	@Test
	void keysThatTypesTellCanNotCompareAreRefusedAtStart() {
		this.builder.join(this.master, "c", String.class, this.broker)
			.on(KeyFunction.<Integer>ofLong("number", (left) -> left),
					KeyFunction.<String>ofObject("text", String.class, (right) -> right))
			.many();
		assertThatIllegalArgumentException().isThrownBy(this::mill)
			.withMessageContainingAll("'a'", "'c'", "number", "text", "a text");
	}

	@Test
	void aGroupPastItsLimitFailsTheMill() {
		this.builder.maxGroupSize(2);
		put("a", 1, 2);
		put("b", 1, 2, 2, 2);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(out()).containsExactly("1=1");
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "stream 'b'", "b[3]", "2", "key 2",
				"max-group-size");
	}

	@Test
	void aGroupPastItsLimitTellsItsKeyAndQuotesTexts() {
		put("a", 1, 2);
		put("c", 1, 2, 2, 2);
		KeyFunction<Integer> text = KeyFunction.ofObject("text", String.class, String::valueOf);
		this.builder.maxGroupSize(2).join(this.master, "c", Integer.class, this.broker).on(text, text).many();
		put("b", 1, 2);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("stream 'c'", "have the key \"2\"");
	}

	@Test
	void aGroupAtItsLimitIsFine() {
		this.builder.maxGroupSize(3);
		put("a", 1, 2);
		put("b", 1, 2, 2, 2);
		assertThat(mill().run()).isEqualTo(MillState.COMPLETED);
	}

	@Test
	void aWindowPastItsLimitFailsTheMill() {
		this.builder.maxWindowSize(2).windowBy(KeyFunction.<Integer>ofLong("window", (x) -> x / 3));
		put("a", 1, 2, 3, 4, 5);
		put("b", 1, 2, 3, 4, 5);
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(this.called).containsExactly(1);
		assertThat(out()).hasSize(1);
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "stream 'a'", "a[4]",
				"more than 2 elements", "max-window-size");
	}

	@Test
	void lostPositionsOfSomeStreamsFailTheMillByTheirNames() {
		put("a", 1);
		put("b", 1);
		// never completed
		this.broker.stream("a2").append(1);
		MillBuilder former = Mill.builder("mill").to("out", String.class, this.broker);
		former.from("a2", Integer.class, this.broker);
		former.process((delivery) -> {
			throw new AssertionError("stop");
		}).retry(new RetryPolicy(1, Duration.ZERO, Duration.ZERO));
		assertThat(former.build().run()).isEqualTo(MillState.FAILED);
		assertThat(this.broker.committed(new LaneId("mill", 0))).isPresent();
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "[a, b]").doesNotContain("out]");
		mill.reset();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
	}

}
