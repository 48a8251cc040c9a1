package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.DeliveryErrorHandler;
import dev.watermill.engine.DeliveryErrorHandler.Decision;
import dev.watermill.engine.DeliveryErrorHandler.FailedDelivery;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

class DeliveryErrorHandlerTests {

	private final InMemoryBroker broker = new InMemoryBroker();

	private final MillBuilder builder = Mill.builder("mill")
		.to("out", String.class, this.broker)
		.retry(new RetryPolicy(1, Duration.ZERO, Duration.ZERO));

	private final Input<Integer> master = this.builder.from("a", Integer.class, this.broker);

	private final List<Integer> called = Collections.synchronizedList(new ArrayList<>());

	/** What handlers were shown: elements, attempts and the message. */
	private final List<String> asked = new ArrayList<>();

	private final AtomicInteger failures = new AtomicInteger();

	DeliveryErrorHandlerTests() {
		this.broker.stream("a").appendAll(List.of(1, 2, 3, 4)).end();
	}

	private List<Object> out() {
		return this.broker.stream("out").elements();
	}

	/** Write the element, and fail for one of them for some times. */
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

	private DeliveryErrorHandler noting(DeliveryErrorHandler handler) {
		return (failed) -> {
			this.asked.add(failed.elements() + " " + failed.attempts() + " " + failed.failure().getMessage());
			return handler.decide(failed);
		};
	}

	@Test
	void skipsADeliveryAtOnceThatSettingsWouldRetryAndThenFailFor() {
		failFor(3, Integer.MAX_VALUE);
		Mill mill = this.builder.errorHandler(noting((failed) -> Decision.skip())).build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 2, 3, 4);
		assertThat(this.asked).containsExactly("[3] 1 no 3");
		assertThat(out()).containsExactly("r1", "r2", "r4");
		assertThat(mill.counters().skippedDeliveries().get()).isOne();
		assertThat(mill.counters().inputs().get("a").skipped(SkipReason.FAILED).get()).isOne();
	}

	@Test
	void failsAtOnceForADeliveryThatSettingsWouldSkip() {
		failFor(3, 1);
		this.builder.onError(ErrorPolicy.SKIP);
		Mill mill = this.builder.errorHandler((failed) -> Decision.fail()).build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("a[2]", "no 3");
		assertThat(out()).containsExactly("r1", "r2");
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 2, 3, 3, 4);
	}

	@Test
	void retriesAsOftenAsItLikes() {
		failFor(3, 5);
		this.builder.errorHandler(noting((failed) -> Decision.retryAfter(Duration.ofNanos(failed.attempts()))));
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 2, 3, 3, 3, 3, 3, 3, 4);
		assertThat(this.asked).containsExactly("[3] 1 no 3", "[3] 2 no 3", "[3] 3 no 3", "[3] 4 no 3", "[3] 5 no 3");
		assertThat(out()).containsExactly("r1", "r2", "r3", "r4");
	}

	@Test
	void pausesAndGoesOnWhileADeliveryWaitsForItsNextAttempt() throws InterruptedException {
		failFor(3, 1);
		this.builder.errorHandler((failed) -> Decision.retryAfter(Duration.ofHours(1)));
		Mill mill = this.builder.build();
		mill.start();
		await().until(() -> mill.liveness().activity() == MillLiveness.Activity.RETRYING);
		mill.pause();
		await().until(() -> mill.state() == MillState.PAUSED);
		mill.resume();
		await().until(() -> mill.state() == MillState.RUNNING
				&& mill.liveness().activity() == MillLiveness.Activity.RETRYING);
		assertThat(this.called).containsExactly(1, 2, 3);
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.STOPPED);
	}

	@Test
	void leavesToOthersAndThenToSettingsWhatItDoesNotDecide() {
		failFor(3, Integer.MAX_VALUE);
		this.builder.onError(ErrorPolicy.SKIP)
			.errorHandler(noting((failed) -> null))
			.errorHandler(noting((failed) -> (failed.attempts() == 1) ? Decision.retryAfter(Duration.ZERO) : null))
			.errorHandler(noting((failed) -> null));
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.asked).containsExactly("[3] 1 no 3", "[3] 1 no 3", "[3] 2 no 3", "[3] 2 no 3", "[3] 2 no 3");
		assertThat(out()).containsExactly("r1", "r2", "r4");
	}

	@Test
	void isShownAllElementsOfAWindowAndWhereTheyStand() {
		this.builder.windowBy(KeyFunction.<Integer>ofLong("half", (element) -> (element - 1) / 2));
		this.builder.process((delivery) -> {
			if (delivery.get(this.master) == 3) {
				throw new IllegalStateException("bad");
			}
			return delivery.window(this.master).toString();
		});
		List<FailedDelivery> shown = new ArrayList<>();
		Mill mill = this.builder.errorHandler((failed) -> {
			shown.add(failed);
			return Decision.skip();
		}).build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("[1, 2]");
		assertThat(shown).singleElement().satisfies((failed) -> {
			assertThat(failed.elements()).isEqualTo(List.of(3, 4));
			assertThat(failed.context().mill()).isEqualTo("mill");
			assertThat(failed.context().key()).isEqualTo(1L);
			assertThat(failed.context().positions()).containsEntry("a", "a[2]");
			assertThat(failed.failure()).isInstanceOf(IllegalStateException.class);
		});
	}

	@Test
	void takesBackWhatWasWrittenOfTheDeliveryThatItSkips() {
		this.builder.processStream((delivery) -> {
			int value = delivery.get(this.master);
			this.called.add(value);
			return IntStream.range(0, 1_000).mapToObj((part) -> {
				if (value == 3 && part == 900) {
					throw new IllegalStateException("bad");
				}
				return value + "." + part;
			});
		});
		this.builder.errorHandler(
				noting((failed) -> (failed.attempts() < 3) ? Decision.retryAfter(Duration.ZERO) : Decision.skip()));
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.asked).containsExactly("[3] 1 bad", "[3] 2 bad", "[3] 3 bad");
		assertThat(this.called).containsExactly(1, 2, 3, 3, 3, 4);
		assertThat(out()).hasSize(3_000).noneMatch((result) -> ((String) result).startsWith("3."));
		assertThat(mill.counters().skippedDeliveries().get()).isOne();
	}

	@Test
	void letsTheMillFailAndNamesBothIfItFailsItself() {
		failFor(3, 1);
		Mill mill = this.builder.errorHandler((failed) -> {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("out of ideas");
		}).build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(Thread.interrupted()).isFalse();
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", getClass().getName(),
				"to decide about the delivery at a[2]", "out of ideas");
		assertThat(mill.status().lastError().cause().getCause().getSuppressed()).singleElement()
			.isInstanceOf(IllegalArgumentException.class);
		assertThat(out()).containsExactly("r1", "r2");
	}

	@Test
	void mayThrowWhatItWasShown() {
		failFor(3, 1);
		Mill mill = this.builder.errorHandler((failed) -> {
			throw (RuntimeException) failed.failure();
		}).build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("no 3");
	}

	@Test
	void isNotAskedAboutErrorsThatStopTheMill() {
		this.builder.process((delivery) -> {
			throw new OutOfMemoryError("too much");
		});
		this.builder.errorHandler(noting((failed) -> Decision.skip()));
		assertThat(this.builder.build().run()).isEqualTo(MillState.FAILED);
		assertThat(this.asked).isEmpty();
	}

	@Test
	void canNotEndTheStream() {
		failFor(1, Integer.MAX_VALUE);
		Mill mill = this.builder.errorHandler((failed) -> {
			failed.context().endOfStream();
			return Decision.skip();
		}).build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("r2", "r3", "r4");
	}

	@Test
	void countsAttemptsOfAWindowFunctionAndOfItsDeliveryEachForItself() {
		this.builder.windowBy((Integer element) -> {
			if (element == 3 && this.failures.getAndIncrement() < 1) {
				throw new IllegalStateException("no window");
			}
			return element / 3;
		});
		AtomicInteger calls = new AtomicInteger();
		this.builder.process((delivery) -> {
			if (delivery.get(this.master) == 3 && calls.getAndIncrement() < 1) {
				throw new IllegalStateException("bad");
			}
			return delivery.window(this.master).toString();
		});
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("[1, 2]", "[3, 4]");
	}

	@Test
	void refusesPausesThatNoClockCounts() {
		assertThatIllegalArgumentException().isThrownBy(() -> Decision.retryAfter(Duration.ofMillis(-1)));
		assertThatIllegalArgumentException().isThrownBy(() -> Decision.retryAfter(Duration.ofDays(36_501)))
			.withMessageContaining("36500 days");
	}

}
