package dev.watermill;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.stream.ErrorPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A new version of an application that refuses elements which waited to be brought into
 * order when the one before stopped, so that they are read again.
 */
class RefusedWhileWaitingTests {

	/** What is read at once is one element. */
	private final InMemoryBroker broker = new InMemoryBroker(1);

	private final AtomicLong ticks = new AtomicLong();

	private Mill run(Set<Long> refused, ErrorPolicy policy, BooleanSupplier crashes) {
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofNanos(1))
			.clock(Clock.systemUTC(), this.ticks::incrementAndGet)
			.deadLetters(StreamDefinition.of("letters", DeadLetter.class), this.broker)
			.listener(Crash.behindCommits(crashes));
		Input<Long> input = builder.from("a", Long.class, this.broker);
		input.onInvalid(policy);
		input.reorder(KeyFunction.ofLong("self", (Long element) -> {
			if (refused.contains(element)) {
				throw new IllegalArgumentException("not in this version");
			}
			return element;
		}), KeySpan.of(10));
		Mill mill = builder.process((delivery) -> delivery.get(input)).to("out", Long.class, this.broker).build();
		mill.run();
		return mill;
	}

	private Mill run(Set<Long> refused, ErrorPolicy policy) {
		return run(refused, policy, () -> false);
	}

	private List<Object> letters() {
		return this.broker.<DeadLetter>stream("letters")
			.elements()
			.stream()
			.map((letter) -> letter.element().origin().get("index"))
			.toList();
	}

	private List<Object> results() {
		return this.broker.stream("out").elements();
	}

	private void crashWhileElementsWait() {
		this.broker.<Long>stream("a").complete(List.of(1L, 12L, 11L, 24L, 22L, 40L));
		assertThat(run(Set.of(), ErrorPolicy.FAIL, () -> results().size() == 3).state()).isEqualTo(MillState.FAILED);
		assertThat(results()).isEqualTo(List.of(1L, 11L, 12L));
	}

	/**
	 * Whether one had gone on by then only its key could tell.
	 */
	@ParameterizedTest
	@EnumSource
	void failsAtThemAndGoesOnWithTheVersionThatTakesThem(ErrorPolicy policy) {
		crashWhileElementsWait();
		Mill refusing = run(Set.of(24L), policy);
		assertThat(refusing.state()).isEqualTo(MillState.FAILED);
		assertThat(refusing.status().lastError().message()).contains("a[3]", "not in this version",
				"may wait since then to be brought into the order of 'self'", "start what could read it");
		assertThat(run(Set.of(), policy).state()).isEqualTo(MillState.COMPLETED);
		assertThat(results()).isEqualTo(List.of(1L, 11L, 12L, 22L, 24L, 40L));
		assertThat(letters()).isEmpty();
	}

	@Test
	void takesThoseThatComeBehindThemAsTheyAre() {
		crashWhileElementsWait();
		Mill mill = run(Set.of(22L), ErrorPolicy.DEAD_LETTER);
		assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
		assertThat(letters()).containsExactly(4L);
		Accounting.assertAccounted(mill, "a", 2, 0);
	}

	@Test
	void leavesLettersWhatTheyAreThoughTheirElementsAreRightNow() {
		this.broker.<Long>stream("a").complete(List.of(1L, 12L, 11L, 22L, 24L, 23L, 40L));
		run(Set.of(24L), ErrorPolicy.DEAD_LETTER, () -> letters().size() == 1);
		Mill mill = run(Set.of(23L), ErrorPolicy.DEAD_LETTER);
		assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
		assertThat(letters()).containsExactly(4L, 5L);
		assertThat(results()).isEqualTo(List.of(1L, 11L, 12L, 22L, 40L));
	}

}
