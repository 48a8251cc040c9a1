package dev.watermill.engine.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.watermill.FaultyBroker;
import dev.watermill.FaultyBroker.Operation;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.Result;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FunctionFailureTests {

	private final InMemoryBroker broker = new InMemoryBroker();

	private final MillBuilder builder = Mill.builder("mill")
		.to("out", String.class, this.broker)
		.retry(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(2)));

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
	void repeatsNothingButTheDeliveryThatFailed() {
		failFor(3, 2);
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("r1", "r2", "r3", "r4");
		assertThat(this.called).containsExactly(1, 2, 3, 3, 3, 4);
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
		this.builder.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
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
		this.builder.onError(ErrorPolicy.SKIP).retry(new RetryPolicy(1, Duration.ZERO, Duration.ZERO));
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
		assertThat(closed).hasValue(5);
	}

	@Test
	void repeatsNothingButADeliveryOfMoreResultsThanAreHeldBack() {
		this.builder.processStream((delivery) -> {
			int value = delivery.get(this.master);
			this.called.add(value);
			return IntStream.range(0, 5_000).mapToObj((part) -> {
				if (value == 3 && part == 4_000 && this.failures.getAndIncrement() < 2) {
					throw new IllegalStateException("bad");
				}
				return value + "." + part;
			});
		});
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 2, 3, 3, 3, 4);
		assertThat(out()).hasSize(20_000).doesNotHaveDuplicates().first().isEqualTo("1.0");
	}

	@Test
	void repeatsNothingButADeliveryOneOfWhoseResultsHasNoStream() {
		this.builder.process((delivery) -> delivery.get(this.master));
		this.builder.function(Result.Shape.ANY, (delivery) -> {
			int value = delivery.get(this.master);
			this.called.add(value);
			boolean bad = value == 3 && this.failures.getAndIncrement() < 2;
			return List.of("r" + value, bad ? value : "s" + value);
		});
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 2, 3, 3, 3, 4);
		assertThat(out()).containsExactly("r1", "s1", "r2", "s2", "r3", "s3", "r4", "s4");
	}

	@Test
	void takesBackTheResultsBeforeOneWhoseKeyFails() {
		MillBuilder keyed = Mill.builder("keyed")
			.retry(new RetryPolicy(2, Duration.ZERO, Duration.ZERO))
			.to(StreamDefinition.of("out", String.class), String.class, this.broker,
					KeyFunction.<String>ofObject("last", String.class, (result) -> {
						if (result.equals("s3") && this.failures.getAndIncrement() < 2) {
							throw new IllegalStateException("no key");
						}
						return result;
					}));
		Input<Integer> in = keyed.from("a", Integer.class, this.broker);
		Mill mill = keyed
			.processAll((delivery) -> List.of(Result.of("r" + delivery.get(in)), Result.of("s" + delivery.get(in))))
			.build();
		assertThat(mill.run()).as("%s", mill.status()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("r1", "s1", "r2", "s2", "r3", "s3", "r4", "s4");
		assertThat(this.failures).hasValue(3);
	}

	@Test
	void takesBackWhatABrokerHadBegunToWriteWhenItFailedAsNoBrokerShould() {
		FaultyBroker faulty = new FaultyBroker(this.broker, (operation, stream) -> {
			if (operation == Operation.WRITE) {
				int write = this.failures.getAndIncrement();
				if (write == 2 || write == 8) {
					throw new StackOverflowError("in a getter of a result");
				}
			}
		});
		MillBuilder other = Mill.builder("other")
			.retry(new RetryPolicy(1, Duration.ZERO, Duration.ZERO))
			.to("out", String.class, faulty);
		Input<Integer> in = other.from("a", Integer.class, faulty);
		Mill mill = other.processAll((delivery) -> List.of("r" + delivery.get(in), "s" + delivery.get(in))).build();
		assertThat(mill.run()).as("%s", mill.status()).isEqualTo(MillState.COMPLETED);
		assertThat(out()).containsExactly("r1", "s1", "r2", "s2", "r3", "s3", "r4", "s4");
	}

	@Test
	void passesOverSeveralInARowOfWhichSomethingWasWritten() {
		AtomicInteger current = new AtomicInteger();
		FaultyBroker faulty = new FaultyBroker(this.broker, (operation, stream) -> {
			if (operation == Operation.WRITE && current.get() > 1 && current.get() < 4
					&& this.failures.getAndIncrement() < 20) {
				throw new StackOverflowError("in a getter of a result");
			}
		});
		MillBuilder other = Mill.builder("other")
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
			.onError(ErrorPolicy.SKIP)
			.commitInterval(Duration.ofHours(1))
			.to("out", String.class, faulty);
		Input<Integer> in = other.from("a", Integer.class, faulty);
		Mill mill = other.process((delivery) -> {
			current.set(delivery.get(in));
			return "r" + current;
		}).build();
		assertThat(mill.run()).as("%s", mill.status()).isEqualTo(MillState.COMPLETED);
		assertThat(this.failures).hasValue(2);
		assertThat(out()).containsExactly("r1", "r4");
	}

	@Test
	void repeatsNothingButTheWindowFunctionThatFailed() {
		this.builder.windowBy((Integer element) -> {
			if (element == 3 && this.failures.getAndIncrement() < 2) {
				throw new IllegalStateException("no window");
			}
			return element / 2;
		});
		this.builder.process((delivery) -> {
			this.called.add(delivery.get(this.master));
			return delivery.window(this.master).toString();
		});
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 2, 4);
		assertThat(out()).containsExactly("[1]", "[2, 3]", "[4]");
	}

	@Test
	void doesNotRetryWhatIsExcluded() {
		this.builder.retry(new RetryPolicy(2, Duration.ZERO, 1, Duration.ZERO, Duration.ZERO, List.of(),
				List.of(IllegalArgumentException.class)));
		failFor(3, Integer.MAX_VALUE);
		assertThat(this.builder.build().run()).isEqualTo(MillState.FAILED);
		assertThat(this.called).containsExactly(1, 2, 3);
		assertThat(out()).containsExactly("r1", "r2");
	}

	@Test
	void retriesWhatIsIncludedAndWhatItCaused() {
		this.builder.retry(new RetryPolicy(2, Duration.ZERO, 1, Duration.ZERO, Duration.ZERO,
				List.of(UncheckedIOException.class, TimeoutException.class), List.of()));
		this.builder.process((delivery) -> {
			switch (this.failures.getAndIncrement()) {
				case 0 -> throw new IllegalStateException(new TimeoutException());
				case 1 -> throw new UncheckedIOException(new IOException());
				case 6 -> throw new IllegalStateException("neither");
				default -> {
				}
			}
			this.called.add(delivery.get(this.master));
			return "r";
		});
		Mill mill = this.builder.build();
		this.failures.set(5);
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(this.called).containsExactly(1);
		this.failures.set(0);
		this.called.clear();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(2, 3, 4);
	}

	@Test
	void keepsWhatCameBeforeADeliveryThatMayNotBeRetried() {
		this.builder.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
		failFor(3, 1);
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(out()).containsExactly("r1", "r2");
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 2, 3, 3, 4);
	}

	@Test
	void stopsForAnyOtherErrorAndShowsIt() {
		this.builder.onError(ErrorPolicy.SKIP);
		this.builder.process((delivery) -> {
			this.called.add(delivery.get(this.master));
			throw new OutOfMemoryError("too much");
		});
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(this.called).containsExactly(1);
		assertThat(mill.status().lastError().message()).contains("mill 'mill'", "OutOfMemoryError", "too much", "a[0]");
		assertThat(mill.counters().skippedDeliveries().get()).isZero();
	}

	@ParameterizedTest
	@EnumSource(Interruption.class)
	void onlyItsOwnStopIsAStop(Interruption interruption) {
		this.builder.processStream((delivery) -> {
			int value = delivery.get(this.master);
			this.called.add(value);
			if (value == 3 && this.failures.getAndIncrement() == 0) {
				return interruption.interrupt(value);
			}
			return Stream.of("r" + value);
		});
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(Thread.interrupted()).isFalse();
		assertThat(out()).containsExactly("r1", "r2", "r3", "r4");
		assertThat(this.failures).hasValue((interruption == Interruption.RETURNS) ? 1 : 2);
	}

	@Test
	void anInterruptIsTriedAgainAndThenFails() {
		this.builder.process((delivery) -> {
			this.failures.incrementAndGet();
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted");
		});
		Mill mill = this.builder.build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(Thread.interrupted()).isFalse();
		assertThat(this.failures).hasValue(3);
	}

	@Test
	void keysAndWindowFunctionsThatInterruptAreNoStopEither() {
		this.builder.windowBy((Integer element) -> {
			Thread.currentThread().interrupt();
			return element / 2;
		});
		this.builder.join(this.master, "b", Integer.class, this.broker).onLong((left) -> left, (right) -> {
			Thread.currentThread().interrupt();
			return right;
		}).many();
		this.broker.stream("b").appendAll(List.of(1, 2, 3, 4)).end();
		this.builder.process((delivery) -> delivery.window(this.master).toString());
		assertThat(this.builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(Thread.interrupted()).isFalse();
		assertThat(out()).containsExactly("[1]", "[2, 3]", "[4]");
	}

	@Test
	void anInterruptFromOutsideIsNoStop() throws InterruptedException {
		InMemoryStream<Object> endless = this.broker.stream("endless");
		AtomicReference<Thread> thread = new AtomicReference<>();
		MillBuilder other = Mill.builder("other").to("out", String.class, this.broker);
		Input<Integer> input = other.from("endless", Integer.class, this.broker);
		Mill mill = other.process((delivery) -> {
			thread.set(Thread.currentThread());
			return "r" + delivery.get(input);
		}).build();
		mill.start();
		endless.append(1);
		await().until(() -> out().equals(List.of("r1")));
		thread.get().interrupt();
		endless.append(2);
		await().until(() -> out().equals(List.of("r1", "r2")));
		assertThat(mill.state()).isEqualTo(MillState.RUNNING);
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(5))).isTrue();
	}

	/** What a function does besides its work. */
	enum Interruption {

		THROWS {

			@Override
			Stream<String> interrupt(int value) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException("interrupted");
			}

		},

		THROWS_WHAT_A_WAIT_THROWS {

			@Override
			Stream<String> interrupt(int value) throws InterruptedException {
				throw new InterruptedException();
			}

		},

		RETURNS {

			@Override
			Stream<String> interrupt(int value) {
				Thread.currentThread().interrupt();
				return Stream.of("r" + value);
			}

		},

		THROWS_IN_ITS_STREAM {

			@Override
			Stream<String> interrupt(int value) {
				return Stream.of(value).map((element) -> {
					Thread.currentThread().interrupt();
					throw new IllegalStateException("interrupted");
				});
			}

		};

		abstract Stream<String> interrupt(int value) throws Exception;

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
		this.builder.retry(new RetryPolicy(3, Duration.ZERO, Duration.ZERO));
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
		assertThat(policy.pauseAfter(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void pausesAsLongAgainWithoutAMultiplierAndMoreOrLessWithJitter() {
		RetryPolicy even = new RetryPolicy(9, Duration.ofSeconds(1), 1, Duration.ofSeconds(30), Duration.ZERO,
				List.of(), List.of());
		assertThat(Stream.of(1, 2, 100).map(even::pauseAfter).distinct()).containsExactly(Duration.ofSeconds(1));
		RetryPolicy jittered = new RetryPolicy(9, Duration.ofSeconds(1), 3, Duration.ofSeconds(30),
				Duration.ofMillis(500), List.of(), List.of());
		List<Duration> second = Stream.generate(() -> jittered.pauseAfter(2)).limit(100).toList();
		assertThat(second).allMatch((pause) -> pause.toMillis() >= 1500 && pause.toMillis() <= 4500);
		assertThat(Set.copyOf(second)).hasSizeGreaterThan(50);
		assertThat(Stream.generate(() -> jittered.pauseAfter(1)).limit(100))
			.allMatch((pause) -> pause.toMillis() >= 1000 && pause.toMillis() <= 1500);
		assertThat(Stream.generate(() -> jittered.pauseAfter(50)).limit(100))
			.allMatch((pause) -> pause.toMillis() <= 30_000);
	}

	@Test
	void stopEndsTheBackOff() throws InterruptedException {
		this.builder.retry(new RetryPolicy(2, Duration.ofMinutes(1), Duration.ofMinutes(1)));
		failFor(1, Integer.MAX_VALUE);
		Mill mill = this.builder.build();
		mill.start();
		await().until(() -> mill.status().lastError() != null);
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(5))).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.STOPPED);
	}

}
