package dev.watermill.window.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.watermill.key.KeyFunction;
import dev.watermill.window.WindowPolicy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class WindowTriggerTests {

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

	private WindowTrigger trigger(WindowPolicy policy) {
		return WindowTrigger.of(policy, this.nanos::get);
	}

	@Test
	void anotherKeyClosesTheWindow() {
		WindowTrigger trigger = trigger(new WindowPolicy.ByKey(KeyFunction.ofLong("key", (element) -> 1)));
		assertThat(trigger.closesBefore("x", 1L)).isFalse();
		assertThat(trigger.closesBefore("x", 1.0)).isFalse();
		assertThat(trigger.closesBefore("x", 2L)).isTrue();
		assertThat(trigger.closesBefore("x", 1L)).isTrue();
		assertThat(trigger.closesWithout(true)).isFalse();
	}

	@Test
	void theClockClosesTheWindowEvenWhereItOverflows() {
		WindowTrigger trigger = trigger(new WindowPolicy.Every(Duration.ofNanos(10)));
		trigger.opened();
		assertThat(trigger.untilClose(Duration.ofNanos(3))).isEqualTo(Duration.ofNanos(3));
		assertThat(trigger.untilClose(Duration.ofHours(3))).isEqualTo(Duration.ofNanos(10));
		this.nanos.addAndGet(9);
		assertThat(trigger.closesBefore("x", null)).isFalse();
		assertThat(trigger.closesWithout(false)).isFalse();
		this.nanos.addAndGet(1);
		assertThat(trigger.closesBefore("x", null)).isTrue();
		assertThat(trigger.closesWithout(false)).isTrue();
		this.nanos.addAndGet(5);
		assertThat(trigger.untilClose(Duration.ofHours(3))).isZero();
	}

	@Test
	void anotherAnswerClosesTheWindowAndNullIsAnAnswer() {
		WindowTrigger trigger = trigger(new WindowPolicy.ByFunction((element) -> element));
		trigger.closesBefore("a", null);
		assertThat(trigger.closesBefore("a", null)).isFalse();
		assertThat(trigger.closesWithout(false)).isFalse();
		assertThat(trigger.closesWithout(true)).isTrue();
		assertThat(trigger.closesBefore("a", null)).as("runs are of elements only").isFalse();
		assertThat(trigger.closesBefore("b", null)).isTrue();
	}

	@Test
	void withoutWindowsNothingTriggers() {
		assertThatIllegalArgumentException().isThrownBy(() -> trigger(new WindowPolicy.None()));
	}

}
