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
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A new version of an application that refuses elements which the one before had accepted
 * and held: in the open window, so that they are read again.
 */
class RefusedWhileHeldTests {

	private final InMemoryBroker broker = new InMemoryBroker();

	private final AtomicLong ticks = new AtomicLong();

	/**
	 * Run a version that refuses some elements.
	 * @param results after how many results it crashes
	 */
	private Mill run(Set<Long> refused, ErrorPolicy policy, int results) {
		return run(refused, policy, () -> this.broker.stream("out").elements().size() == results);
	}

	/**
	 * Run a version that refuses some elements.
	 * @param crashes says at a commit whether it crashes there
	 */
	private Mill run(Set<Long> refused, ErrorPolicy policy, BooleanSupplier crashes) {
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofNanos(1))
			.clock(Clock.systemUTC(), this.ticks::incrementAndGet)
			.deadLetters(StreamDefinition.of("letters", DeadLetter.class), this.broker)
			.listener(Crash.behindCommits(crashes));
		Input<Long> input = builder.from("a", Long.class, this.broker);
		input.onInvalid(policy);
		Mill mill = builder.windowBy(KeyFunction.ofLong("tens", (Long element) -> {
			if (refused.contains(element)) {
				throw new IllegalArgumentException("not in this version");
			}
			return element / 10;
		})).process((delivery) -> String.valueOf(delivery.window(input))).to("out", String.class, this.broker).build();
		mill.run();
		return mill;
	}

	private List<String> letters() {
		return this.broker.<DeadLetter>stream("letters")
			.elements()
			.stream()
			.map((letter) -> letter.element().origin().get("index") + " " + letter.reason())
			.toList();
	}

	/**
	 * The commit behind the first window has the first element of the second one, which
	 * is open, as its position.
	 */
	private void crashWithAnOpenWindow() {
		this.broker.<Long>stream("a").complete(List.of(1L, 11L, 12L, 21L));
		assertThat(run(Set.of(), ErrorPolicy.FAIL, 1).state()).isEqualTo(MillState.FAILED);
		assertThat(this.broker.stream("out").elements()).isEqualTo(List.of("[1]"));
	}

	@Test
	void writesThemToTheDeadLettersOnce() {
		crashWithAnOpenWindow();
		run(Set.of(11L, 12L), ErrorPolicy.DEAD_LETTER, 1);
		assertThat(letters()).isNotEmpty();
		Mill mill = run(Set.of(11L, 12L), ErrorPolicy.DEAD_LETTER, Integer.MAX_VALUE);
		assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
		assertThat(letters()).containsExactly("1 INVALID", "2 INVALID");
		assertThat(this.broker.stream("out").elements()).isEqualTo(List.of("[1]", "[21]"));
	}

	/**
	 * The last commit has written an element of the open window to the dead letters, and
	 * is taken up again before it.
	 */
	private void crashWithLettersInTheOpenWindow() {
		this.broker.<Long>stream("a").complete(List.of(1L, 11L, 12L, 13L, 14L, 21L));
		assertThat(run(Set.of(13L), ErrorPolicy.DEAD_LETTER, () -> letters().size() == 1).state())
			.isEqualTo(MillState.FAILED);
		assertThat(letters()).containsExactly("3 INVALID");
	}

	@Test
	void writesThemThoughLettersBehindThemAreWritten() {
		crashWithLettersInTheOpenWindow();
		// a commit says of both, and of what is read again only, which are written
		run(Set.of(12L, 13L), ErrorPolicy.DEAD_LETTER, () -> letters().size() == 2);
		assertThat(letters()).containsExactly("3 INVALID", "2 INVALID");
		Mill mill = run(Set.of(11L, 12L, 13L), ErrorPolicy.DEAD_LETTER, Integer.MAX_VALUE);
		assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
		assertThat(letters()).containsExactly("3 INVALID", "2 INVALID", "1 INVALID");
		assertThat(this.broker.stream("out").elements()).isEqualTo(List.of("[1]", "[14]", "[21]"));
		Accounting.assertAccounted(mill, "a", 2, 0);
	}

	@Test
	void leavesLettersWhatTheyAreThoughTheirElementsAreRightNow() {
		crashWithLettersInTheOpenWindow();
		Mill mill = run(Set.of(), ErrorPolicy.FAIL, Integer.MAX_VALUE);
		assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
		assertThat(letters()).containsExactly("3 INVALID");
		assertThat(this.broker.stream("out").elements()).isEqualTo(List.of("[1]", "[11, 12, 14]", "[21]"));
		Accounting.assertAccounted(mill, "a", 4, 0);
	}

	@ParameterizedTest
	@EnumSource(names = { "FAIL", "SKIP" })
	void leavesLettersWhatTheyAreThoughSuchElementsAreTreatedInAnotherWayNow(ErrorPolicy policy) {
		crashWithLettersInTheOpenWindow();
		Mill mill = run(Set.of(13L), policy, Integer.MAX_VALUE);
		assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
		assertThat(letters()).containsExactly("3 INVALID");
		assertThat(mill.counters().inputs().get("a").deadLettered(SkipReason.INVALID).get()).isOne();
		assertThat(this.broker.stream("out").elements()).isEqualTo(List.of("[1]", "[11, 12, 14]", "[21]"));
	}

	@Test
	void skipsThemWhereThatIsWanted() {
		crashWithAnOpenWindow();
		Mill mill = run(Set.of(12L), ErrorPolicy.SKIP, Integer.MAX_VALUE);
		assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
		assertThat(mill.counters().inputs().get("a").skipped(SkipReason.INVALID).get()).isOne();
		Accounting.assertAccounted(mill, "a", 2, 0);
		assertThat(this.broker.stream("out").elements()).isEqualTo(List.of("[1]", "[11]", "[21]"));
	}

	@Test
	void failsAtThemAndGoesOnWithTheVersionThatTakesThem() {
		crashWithAnOpenWindow();
		Mill refusing = run(Set.of(12L), ErrorPolicy.FAIL, Integer.MAX_VALUE);
		assertThat(refusing.state()).isEqualTo(MillState.FAILED);
		assertThat(refusing.status().lastError().message()).contains("a[2]", "not in this version");
		assertThat(run(Set.of(), ErrorPolicy.FAIL, Integer.MAX_VALUE).state()).isEqualTo(MillState.COMPLETED);
		assertThat(this.broker.stream("out").elements()).isEqualTo(List.of("[1]", "[11, 12]", "[21]"));
	}

}
