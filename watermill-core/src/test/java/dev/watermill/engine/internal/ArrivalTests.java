package dev.watermill.engine.internal;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.watermill.Accounting;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.codec.InvalidElement;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What is done about elements as they arrive, by a mill as a whole.
 */
class ArrivalTests {

	private static final InvalidElement INVALID = new InvalidElement("found '}', expected a value", null, null);

	private static final KeyFunction<Integer> KEY = KeyFunction.ofLong("x", (x) -> x);

	private final InMemoryBroker broker = new InMemoryBroker(3);

	private final MillBuilder builder = Mill.builder("mill").to("out", Integer.class, this.broker);

	private final Input<Integer> master = this.builder.from("a", Integer.class, this.broker);

	private Mill mill() {
		return this.builder.process((delivery) -> delivery.get(this.master)).build();
	}

	private List<Object> out() {
		InMemoryStream<Object> out = this.broker.stream("out");
		return out.elements();
	}

	private void put(Object... elements) {
		put(List.of(elements));
	}

	private void put(List<?> elements) {
		this.broker.stream("a").complete(elements);
	}

	private static MillCounters.Input counters(Mill mill) {
		return mill.counters().inputs().get("a");
	}

	@Test
	void bringsAStreamIntoOrderWithoutAnyKeyOnIt() {
		put(3, 1, 2, 9, 8, 4, 7);
		this.master.reorder(KEY, KeySpan.of(5));
		assertThat(mill().run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(1, 2, 3, 4, 7, 8, 9);
	}

	@Test
	void failsAtWhatComesTooLateAndGoesOnOnceThatIsPassedOver() {
		put(3, 1, 2, 9, 0, 7, 10);
		this.master.reorder(KEY, KeySpan.of(5));
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains(
				"stream 'a': at a[4]: the key 'x' went back: 0 after 9", "(within 5), so 3 has gone on before it",
				"on-disorder");
		assertThat(out()).containsExactly(1, 2, 3);
		Accounting.assertAccounted(mill, "a", 3, 0);
		this.master.onDisorder(ErrorPolicy.SKIP);
		Mill again = mill();
		assertThat(again.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(1, 2, 3, 7, 9, 10);
		Accounting.assertAccounted(again, "a", 3, 0);
		assertThat(counters(again).skipped(SkipReason.DISORDER).get()).isOne();
		assertThat(counters(again).reorder().lateElements().get()).isOne();
		assertThat(counters(again).reorder().greatestLateness()).isEqualTo(9);
	}

	@Test
	void aStreamThatIsSilentForTooLongShowsWhatIsHeld() {
		this.broker.stream("a", 1);
		InMemoryStream<Object> out = this.broker.<Object>stream("out", 1).partition(0);
		this.broker.stream("a").partition(0).append(5).append(3).append(4);
		this.master.reorder(KEY, KeySpan.of(100));
		Mill mill = this.builder.pollTimeout(Duration.ofMillis(1))
			.dataTimeout(Duration.ofMillis(5))
			.process((delivery) -> delivery.get(this.master))
			.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out.elements()).containsExactly(3, 4, 5);
		this.broker.stream("a").partition(0).append(7).append(6).append(2);
		this.master.onDisorder(ErrorPolicy.SKIP);
		Mill again = this.builder.build();
		assertThat(again.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out.elements()).containsExactly(3, 4, 5, 6, 7);
		assertThat(counters(again).skipped(SkipReason.DISORDER).get()).isOne();
	}

	@Test
	void leapsAreInvalid() {
		put(1, 2, 1000, 3, 20, 21);
		this.master.maxStep(KEY, KeySpan.of(10));
		Mill mill = mill();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("at a[2]: the key 'x' leaps to 1000 from 2, farther "
				+ "than max-step (10), and the next element is back at 3", "on-invalid");
		assertThat(out()).containsExactly(1, 2);
		this.master.onInvalid(ErrorPolicy.SKIP);
		Mill again = mill();
		assertThat(again.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly(1, 2, 3, 20, 21);
		Accounting.assertAccounted(again, "a", 3, 0);
	}

	@Test
	void stopsWhereAStreamTurnsBadAltogether() {
		List<Object> elements = new ArrayList<>();
		for (int i = 0; i < 3000; i++) {
			elements.add(i);
		}
		elements.addAll(Collections.nCopies(2000, INVALID));
		put(elements);
		this.master.onInvalid(ErrorPolicy.SKIP);
		Mill mill = this.builder.maxBadRate(0.25).process((delivery) -> delivery.get(this.master)).build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("at a[3250]: found '}', expected a value. It is one "
				+ "too many: 251 of the last 1000 elements are bad, and max-bad-rate is 0.25.");
		assertThat(out()).hasSize(3000);
		assertThat(counters(mill).skipped(SkipReason.INVALID).get()).isEqualTo(250);
		Accounting.assertAccounted(mill, "a", 3000, 0);
		// begun again it has seen nothing yet, and lets a thousand pass
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("at a[4249]");
		assertThat(counters(mill).skipped(SkipReason.INVALID).get()).isEqualTo(1249);
		elements.subList(4249, 5000).replaceAll((bad) -> 5000);
		put(elements);
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).hasSize(3751);
	}

	@Test
	void aFewBadElementsOrManyAtTheStartAreNoReasonToStop() {
		List<Object> elements = new ArrayList<>(Collections.nCopies(249, INVALID));
		for (int i = 0; i < 4000; i++) {
			elements.add((i % 4 == 3) ? INVALID : i);
		}
		put(elements);
		this.master.onInvalid(ErrorPolicy.SKIP);
		Mill mill = this.builder.maxBadRate(0.44).process((delivery) -> delivery.get(this.master)).build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).hasSize(3000);
	}

	@Test
	void refusesWhatKeysCanNotDo() {
		this.master.maxStep(KeySpan.of(5));
		assertThatIllegalArgumentException().isThrownBy(this::mill)
			.withMessage(
					"max-step of the stream 'a' doesn't say of which key: no key is on it. Set max-step: { by: ..., "
							+ "step: 5 }.");
		this.master.maxStep(KEY, KeySpan.of(Duration.ofDays(1)));
		assertThatIllegalArgumentException().isThrownBy(this::mill)
			.withMessage("max-step of the stream 'a' can't be: the key 'x' is a number, but PT24H is a time. Give a "
					+ "number in the units of the key.");
		this.master.maxStep(KEY, KeySpan.of(new BigDecimal("0.5")));
		this.master.reorder(KeyFunction.<Integer>ofObject("at", Instant.class, Instant::ofEpochSecond), KeySpan.of(5));
		assertThatIllegalArgumentException().isThrownBy(this::mill)
			.withMessageStartingWith(
					"reorder of the stream 'a' can't be: the key 'at' is an instant, but 5 is a number.");
		this.master.reorder(KeyFunction.<Integer>ofObject("name", String.class, String::valueOf), KeySpan.of(5));
		assertThatIllegalArgumentException().isThrownBy(this::mill)
			.withMessageStartingWith("reorder of the stream 'a' can't be: the key 'name' is a text");
		assertThatIllegalArgumentException().isThrownBy(() -> this.master.reorder(KEY, KeySpan.of(5), 0));
		assertThatIllegalArgumentException().isThrownBy(() -> KeySpan.of(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.maxBadRate(1.5));
		this.master.reorder(KEY, KeySpan.of(0));
		put(1, 2);
		assertThat(mill().run()).isEqualTo(MillState.COMPLETED);
	}

}
