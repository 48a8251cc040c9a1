package dev.watermill.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.watermill.Input;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.join.ErrorPolicy;
import dev.watermill.key.KeyFunction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FunctionFailureTests {

	private final InMemoryBroker broker = new InMemoryBroker();

	private final MillBuilder builder = Mill.builder("mill")
		.to("out", String.class, this.broker)
		.retry(new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(2)));

	private final Input<Integer> master = this.builder.from("a", Integer.class, this.broker);

	private final List<Integer> called = new ArrayList<>();

	private final AtomicInteger failures = new AtomicInteger();

	FunctionFailureTests() {
		this.broker.stream("a").appendAll(List.of(1, 2, 3, 4)).end();
	}

	private List<Object> out() {
		InMemoryStream<Object> out = this.broker.stream("out");
		return out.elements();
	}

	/** Write the element, and fail for one element for some times. */
	private void failFor(int element, int times) {
		this.builder.process((delivery) -> {
			int value = delivery.get(this.master);
			this.called.add(value);
			if (value == element && this.failures.getAndIncrement() < times) {
				throw new IllegalArgumentException("no " + element);
			}
			return "r" + value;
		});
	}

	@Test
	void repeatsWhatIsNotCommittedAndGoesOn() {
		failFor(3, 2);
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("r1", "r2", "r3", "r4");
		// what stands before the failure is committed once it is reached again
		assertThat(this.called).containsExactly(1, 2, 3, 1, 2, 3, 3, 4);
		assertThat(mill.status().lastError().message()).contains("no 3");
	}

	@Test
	void failsAfterTheLastAttemptAndGoesOnThereWhenStartedAgain() {
		failFor(3, 3);
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(out()).containsExactly("r1", "r2");
		assertThat(this.broker.stream("out").isEnded()).isFalse();
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "the function failed", "a[2]",
				"IllegalArgumentException", "no 3");
		assertThat(mill.status().lastError().cause()).hasCauseInstanceOf(IllegalArgumentException.class);
		this.called.clear();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(3, 4);
		assertThat(out()).containsExactly("r1", "r2", "r3", "r4");
		assertThat(mill.status().lastError()).isNull();
	}

	@Test
	void failsAtOnceWithASingleAttempt() {
		this.builder.retry(new RetryPolicy(1, Duration.ZERO, Duration.ZERO));
		failFor(1, Integer.MAX_VALUE);
		assertThat(this.builder.build().run()).isEqualTo(MillState.FAILED);
		assertThat(this.called).containsExactly(1);
	}

	@Test
	void skipsTheDeliveryAfterTheLastAttempt() {
		this.builder.onError(ErrorPolicy.SKIP);
		failFor(3, Integer.MAX_VALUE);
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("r1", "r2", "r4");
		assertThat(this.failures).hasValue(3);
		assertThat(mill.counters().skippedDeliveries().get()).isOne();
	}

	@Test
	void skipsSeveralDeliveriesOneByOne() {
		this.builder.onError(ErrorPolicy.SKIP).retry(new RetryPolicy(2, Duration.ZERO, Duration.ZERO));
		this.builder.process((delivery) -> {
			int value = delivery.get(this.master);
			if (value % 2 == 1 || value == 2) {
				throw new IllegalStateException("bad");
			}
			return "r" + value;
		});
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("r4");
		assertThat(mill.counters().skippedDeliveries().get()).isEqualTo(3);
	}

	@Test
	void skipsAWindow() {
		this.builder.onError(ErrorPolicy.SKIP);
		this.builder.windowBy(KeyFunction.<Integer>ofLong("half", (element) -> (element - 1) / 2));
		this.builder.process((delivery) -> {
			if (delivery.get(this.master) == 1) {
				throw new IllegalStateException("bad");
			}
			return delivery.window(this.master).toString();
		});
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("[3, 4]");
		assertThat(mill.counters().skippedDeliveries().get()).isOne();
	}

	@Test
	void namesTheFirstElementOfAWindowThatFails() {
		this.builder.windowBy(KeyFunction.<Integer>ofLong("half", (element) -> element / 3));
		this.builder.process((delivery) -> {
			if (delivery.get(this.master) == 3) {
				throw new IllegalStateException("bad");
			}
			return "";
		});
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("a[2]");
	}

	@Test
	void anErrorInsideALazyStreamTakesBackItsResultsAndClosesIt() {
		AtomicInteger closed = new AtomicInteger();
		this.builder.processStream((delivery) -> Stream.of(1, 2, 3).map((part) -> {
			if (delivery.get(this.master) == 2 && part == 3 && this.failures.getAndIncrement() == 0) {
				throw new IllegalStateException("bad");
			}
			return delivery.get(this.master) + "." + part;
		}).onClose(closed::incrementAndGet));
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "4.1", "4.2",
				"4.3");
		assertThat(closed).hasValue(6);
	}

	@Test
	void checkedExceptionsAndSomeErrorsAreFailuresOfTheFunction() {
		this.builder.process((delivery) -> {
			switch (this.failures.getAndIncrement()) {
				case 0 -> throw new Exception("checked");
				case 1 -> throw new AssertionError("assertion");
				case 2 -> throw new NoClassDefFoundError("linkage");
				default -> {
				}
			}
			return "r";
		});
		this.builder.retry(new RetryPolicy(4, Duration.ZERO, Duration.ZERO));
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).hasSize(4);
	}

	@Test
	void aFailureForgetsThatTheFunctionAskedForTheEnd() {
		this.builder.process((delivery) -> {
			if (this.failures.getAndIncrement() == 0) {
				delivery.context().endOfStream();
				throw new IllegalStateException("bad");
			}
			return "r";
		});
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).hasSize(4);
	}

	@Test
	void failsForAWindowFunctionThatFailsForEver() {
		this.builder.onError(ErrorPolicy.SKIP);
		this.builder.windowBy((Integer element) -> {
			if (element == 3) {
				throw new IllegalStateException("no window");
			}
			return 1;
		});
		this.builder.process((delivery) -> "never");
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "window function", "a[2]", "no window");
		assertThat(out()).isEmpty();
	}

	@Test
	void pausesLongerAfterEachAttempt() {
		RetryPolicy policy = new RetryPolicy(9, Duration.ofSeconds(1), Duration.ofSeconds(30));
		assertThat(Stream.of(1, 2, 3, 5, 6, 7, 100).map(policy::pauseAfter).map(Duration::toSeconds))
			.containsExactly(1L, 2L, 4L, 16L, 30L, 30L, 30L);
	}

	@Test
	void stopEndsTheBackOff() throws InterruptedException {
		this.builder.retry(new RetryPolicy(3, Duration.ofMinutes(1), Duration.ofMinutes(1)));
		failFor(1, Integer.MAX_VALUE);
		Mill mill = this.builder.build();
		mill.start();
		await().until(() -> mill.status().lastError() != null);
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(5))).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.STOPPED);
	}

}
