package dev.watermill.engine.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.watermill.FaultyBroker;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CommitTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	private final InMemoryBroker broker = new InMemoryBroker();

	private final AtomicLong nanos = new AtomicLong();

	/** The times of the commits. */
	private final List<Long> commits = Collections.synchronizedList(new ArrayList<>());

	private final MillBuilder builder = Mill.builder("mill")
		.to("out", String.class, this.broker)
		.pollTimeout(LONG)
		.commitInterval(LONG)
		.listener(new MillListener() {

			@Override
			public void committed(long nanos) {
				CommitTests.this.commits.add(CommitTests.this.nanos.get());
			}

		});

	private final Input<Integer> master = this.builder.from("a", Integer.class, this.broker);

	private Mill mill;

	@AfterEach
	void stop() throws InterruptedException {
		this.mill.stop();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
	}

	private InMemoryStream<Object> stream(String name) {
		return this.broker.stream(name);
	}

	private long position(String stream) {
		return this.broker.committed(new LaneId("mill", 0))
			.map((checkpoint) -> checkpoint.inputs().get(stream))
			.map(Checkpoint.Input::position)
			.map((position) -> position.has("offset") ? position.number("offset") : 0)
			.orElse(-1L);
	}

	private void join(String name) {
		this.builder.join(this.master, name, Integer.class, this.broker)
			.onLong((left) -> left, (right) -> right)
			.many();
	}

	@Test
	void resultsAreVisibleAtOnceWhenThereIsNothingMoreToRead() {
		this.builder.process((delivery) -> "r" + delivery.get(this.master));
		this.mill = this.builder.build();
		this.mill.start();
		for (int i = 0; i < 5; i++) {
			int size = i + 1;
			stream("a").append(i);
			await().atMost(Duration.ofSeconds(10)).until(() -> stream("out").elements().size() == size);
		}
		assertThat(position("a")).isEqualTo(5);
	}

	@Test
	void resultsAreVisibleAtOnceWhileASecondaryIsWaitedFor() {
		join("b");
		this.builder.process((delivery) -> "r" + delivery.get(this.master));
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 2, 3));
		stream("b").appendAll(List.of(1, 2));
		this.mill.start();
		await().atMost(Duration.ofSeconds(10)).until(() -> stream("out").elements().equals(List.of("r1")));
		assertThat(position("a")).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 20, 70, 500 })
	void commitsInTheIntervalHoweverSlowTheFunctionIs(long millis) {
		this.builder.commitInterval(Duration.ofMillis(100));
		this.builder.clock(Clock.systemUTC(), this.nanos::get);
		stream("a").complete(IntStream.range(0, 2_000).boxed().toList());
		this.builder.process((delivery) -> {
			this.nanos.addAndGet(Duration.ofMillis(millis).toNanos() + 1);
			return "r";
		});
		this.mill = this.builder.build();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		long longest = this.commits.get(0);
		for (int i = 1; i < this.commits.size(); i++) {
			longest = Math.max(longest, this.commits.get(i) - this.commits.get(i - 1));
		}
		assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofMillis(100 + 2 * millis + 1));
	}

	@Test
	void commitsPositionsWhileElementsAreOnlySkipped() {
		this.builder.commitInterval(Duration.ofMillis(50));
		join("b");
		this.builder.process((delivery) -> "never");
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 3, 5));
		stream("b").appendAll(List.of(0, 2, 4, 4));
		this.mill.start();
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
			assertThat(position("a")).isEqualTo(2);
			assertThat(position("b")).isEqualTo(4);
		});
		stream("b").append(6);
		await().atMost(Duration.ofSeconds(10)).until(() -> position("a") == 3);
	}

	@Test
	void commitsPositionsWhileAllElementsAreInvalid() {
		this.builder.commitInterval(Duration.ofMillis(50));
		this.builder.windowBy(KeyFunction.<Integer>ofLong("key", (element) -> {
			throw new IllegalStateException("no key");
		}));
		this.master.onInvalid(ErrorPolicy.SKIP);
		this.builder.process((delivery) -> "never");
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 3, 5));
		this.mill.start();
		await().atMost(Duration.ofSeconds(10)).until(() -> position("a") == 3);
	}

	@Test
	void commitsPositionsOfAFunctionWithoutResults() {
		this.builder.commitInterval(Duration.ofMillis(50));
		this.builder.forEach((delivery) -> {
		});
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 3, 5));
		this.mill.start();
		await().atMost(Duration.ofSeconds(10)).until(() -> position("a") == 3);
	}

	@Test
	void doesNotCommitWhileNothingMoves() {
		this.builder.commitInterval(Duration.ofMillis(1));
		this.builder.process((delivery) -> "r");
		this.mill = this.builder.build();
		stream("a").append(1);
		this.mill.start();
		await().until(() -> position("a") == 1);
		int before = this.commits.size();
		await().during(Duration.ofMillis(400)).until(() -> this.commits.size() == before);
	}

	@Test
	void holdsThePositionsOfAnOpenWindow() throws InterruptedException {
		this.builder.commitInterval(Duration.ofMillis(20));
		join("b");
		this.builder.windowBy(KeyFunction.<Integer>ofLong("tens", (element) -> element / 10));
		this.builder.process((delivery) -> "" + delivery.window(this.master));
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 2, 10, 11, 12, 13));
		stream("b").appendAll(List.of(1, 2, 2, 9, 11, 11, 12, 13));
		this.mill.start();
		await().until(() -> position("a") == 3);
		// 10 has no match, so the window opens with 11
		assertThat(position("b")).isEqualTo(4);
		assertThat(stream("out").elements()).containsExactly("[1, 2]");
	}

	/** A broker whose stream goes away, and what is read of others before. */
	private FaultyBroker goingAway(String name, int reads) {
		AtomicInteger count = new AtomicInteger();
		return new FaultyBroker(this.broker, (operation, stream) -> {
			if (operation == FaultyBroker.Operation.READ && stream.equals(name) && count.incrementAndGet() > reads) {
				throw new BrokerUnavailableException("away");
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "master", "secondary" })
	void commitsBeforeItWaitsForAnInputThatIsAway(String away) {
		FaultyBroker faulty = goingAway("c", 1);
		MillBuilder other = Mill.builder("mill")
			.to("out", String.class, this.broker)
			.pollTimeout(LONG)
			.commitInterval(LONG)
			.retry(new RetryPolicy(2, LONG, LONG));
		Input<Integer> from = other.from(away.equals("master") ? "c" : "a", Integer.class,
				away.equals("master") ? faulty : this.broker);
		other.join(from, away.equals("master") ? "a" : "c", Integer.class, away.equals("master") ? this.broker : faulty)
			.onLong((left) -> left, (right) -> right)
			.first();
		this.mill = other.process((delivery) -> "r" + delivery.get(from)).build();
		stream("a").appendAll(List.of(1, 2, 3));
		stream("c").appendAll(List.of(1, 2));
		this.mill.start();
		await().until(() -> this.mill.status().unavailable() != null);
		await().atMost(Duration.ofSeconds(10)).until(() -> stream("out").elements().equals(List.of("r1", "r2")));
		assertThat(position(away.equals("master") ? "c" : "a")).isEqualTo(2);
	}

	@Test
	void commitsBeforeItPauses() throws InterruptedException {
		CountDownLatch called = new CountDownLatch(3);
		CountDownLatch goOn = new CountDownLatch(1);
		this.builder.process((delivery) -> {
			called.countDown();
			if (called.getCount() == 0) {
				goOn.await();
			}
			return "r" + delivery.get(this.master);
		});
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 2, 3, 4, 5));
		this.mill.start();
		called.await();
		this.mill.pause();
		goOn.countDown();
		await().until(() -> this.mill.state() == MillState.PAUSED);
		assertThat(stream("out").elements()).containsExactly("r1", "r2", "r3");
		assertThat(position("a")).isEqualTo(3);
	}

	@Test
	void commitsBeforeItPausesBetweenTwoAttempts() {
		this.builder.retry(new RetryPolicy(2, LONG, LONG)).process((delivery) -> {
			if (delivery.get(this.master) == 3) {
				throw new IllegalStateException("bad");
			}
			return "r" + delivery.get(this.master);
		});
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 2, 3, 4, 5));
		this.mill.start();
		await().until(() -> this.mill.status().lastError() != null);
		assertThat(stream("out").elements()).containsExactly("r1", "r2");
		assertThat(position("a")).isEqualTo(2);
	}

	@Test
	void repeatsItsCommitDailyWhileItIsIdle() {
		repeatsItsCommitDaily(() -> {
		});
	}

	@Test
	void repeatsItsCommitDailyWhileItIsPaused() {
		repeatsItsCommitDaily(() -> {
			this.mill.pause();
			await().until(() -> this.mill.state() == MillState.PAUSED);
		});
	}

	private void repeatsItsCommitDaily(Runnable rest) {
		this.builder.clock(Clock.systemUTC(), this.nanos::get);
		this.builder.process((delivery) -> "r" + delivery.get(this.master));
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 2));
		this.mill.start();
		await().until(() -> position("a") == 2);
		rest.run();
		for (int day = 1; day <= 3; day++) {
			int before = this.commits.size();
			this.nanos.addAndGet(Duration.ofDays(1).toNanos());
			await().atMost(Duration.ofSeconds(10)).until(() -> this.commits.size() == before + 1);
		}
	}

	@Test
	void repeatsItsCommitDailyWhileItWaitsForAnInputThatIsAway() {
		AtomicBoolean away = new AtomicBoolean();
		FaultyBroker faulty = new FaultyBroker(this.broker, (operation, stream) -> {
			if (operation == FaultyBroker.Operation.READ && stream.equals("c") && away.get()) {
				throw new BrokerUnavailableException("away");
			}
		});
		this.builder.clock(Clock.systemUTC(), this.nanos::get).retry(new RetryPolicy(2, Duration.ofMillis(5), LONG));
		this.builder.join(this.master, "c", Integer.class, faulty).onLong((left) -> left, (right) -> right).many();
		this.builder.process((delivery) -> "r" + delivery.get(this.master));
		this.mill = this.builder.build();
		stream("a").appendAll(List.of(1, 2));
		stream("c").appendAll(List.of(1, 2));
		this.mill.start();
		await().until(() -> position("a") == 1);
		away.set(true);
		await().until(() -> this.mill.status().unavailable() != null);
		int before = this.commits.size();
		this.nanos.addAndGet(Duration.ofDays(1).toNanos());
		await().atMost(Duration.ofSeconds(10)).until(() -> this.commits.size() == before + 1);
	}

	@Test
	void repeatsNoCommitOfALaneThatIsNotItsOwnAnyMore() throws InterruptedException {
		AtomicBoolean lost = new AtomicBoolean();
		List<Boolean> begun = Collections.synchronizedList(new ArrayList<>());
		FaultyBroker faulty = new FaultyBroker(this.broker, (operation, stream) -> {
			if (operation == FaultyBroker.Operation.COMMIT) {
				begun.add(lost.get());
			}
			if (operation == FaultyBroker.Operation.OPEN_SOURCE && lost.get()) {
				this.mill.abort();
				this.nanos.addAndGet(Duration.ofDays(1).toNanos());
				throw new BrokerUnavailableException("away");
			}
		});
		MillBuilder builder = Mill.builder("mill")
			.to("out", String.class, faulty)
			.clock(Clock.systemUTC(), this.nanos::get);
		Input<Integer> in = builder.from("a", Integer.class, faulty);
		this.mill = builder.process((delivery) -> "r" + delivery.get(in)).build();
		stream("a").appendAll(List.of(1, 2));
		this.mill.start();
		await().until(() -> position("a") == 2);
		this.mill.stop();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		lost.set(true);
		this.mill.start();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		assertThat(begun).isNotEmpty().doesNotContain(true);
	}

	/**
	 * Begin a mill whose commits have to come soon, and which blocks in the function.
	 */
	private MillBuilder soon(FaultyBroker.Faults faults) {
		return Mill.builder("mill")
			.to("out", String.class, new FaultyBroker(this.broker, faults).timeLimit(Duration.ofMillis(150)))
			.commitInterval(LONG)
			.retry(new RetryPolicy(2, Duration.ofMillis(1), LONG));
	}

	private void completesOnceItMayGoOn(CountDownLatch goOn, String... results) throws InterruptedException {
		goOn.countDown();
		assertThat(this.mill.awaitEnd(Duration.ofSeconds(10))).isTrue();
		assertThat(this.mill.state()).isEqualTo(MillState.COMPLETED);
		assertThat(stream("out").elements()).containsExactly((Object[]) results);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void commitsWhatCameBeforeALongCallWhileItLasts(boolean lazy) throws InterruptedException {
		CountDownLatch goOn = new CountDownLatch(1);
		MillBuilder other = soon((operation, stream) -> {
		});
		Input<Integer> from = other.from("a", Integer.class, this.broker);
		this.mill = other.processStream((delivery) -> {
			int value = delivery.get(from);
			if (value == 3 && !lazy) {
				goOn.await();
			}
			return Stream.of(value).map((element) -> {
				if (value == 3 && lazy) {
					awaitQuietly(goOn);
				}
				return "r" + element;
			});
		}).build();
		stream("a").complete(List.of(1, 2, 3, 4));
		this.mill.start();
		await().atMost(Duration.ofSeconds(10)).until(() -> stream("out").elements().equals(List.of("r1", "r2")));
		assertThat(position("a")).isEqualTo(2);
		completesOnceItMayGoOn(goOn, "r1", "r2", "r3", "r4");
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void commitsWhatCameBeforeALongWindowWhileItsCallLasts() throws InterruptedException {
		CountDownLatch goOn = new CountDownLatch(1);
		MillBuilder other = soon((operation, stream) -> {
		});
		Input<Integer> from = other.from("a", Integer.class, this.broker);
		other.windowBy(KeyFunction.<Integer>ofLong("tens", (element) -> element / 10));
		this.mill = other.process((delivery) -> {
			if (delivery.get(from) == 10) {
				goOn.await();
			}
			return "" + delivery.window(from);
		}).build();
		stream("a").complete(List.of(1, 2, 10, 11, 20));
		this.mill.start();
		await().atMost(Duration.ofSeconds(10)).until(() -> stream("out").elements().equals(List.of("[1, 2]")));
		assertThat(position("a")).isEqualTo(2);
		completesOnceItMayGoOn(goOn, "[1, 2]", "[10, 11]", "[20]");
	}

	@Test
	void repeatsWhatCouldNotBeCommittedDuringALongCall() throws InterruptedException {
		CountDownLatch goOn = new CountDownLatch(1);
		AtomicInteger failures = new AtomicInteger();
		AtomicBoolean inside = new AtomicBoolean();
		List<Integer> calls = new ArrayList<>();
		MillBuilder other = soon((operation, stream) -> {
			if (operation == FaultyBroker.Operation.COMMIT && inside.get()) {
				failures.incrementAndGet();
				throw new BrokerUnavailableException("away");
			}
		});
		Input<Integer> from = other.from("a", Integer.class, this.broker);
		this.mill = other.process((delivery) -> {
			calls.add(delivery.get(from));
			if (delivery.get(from) == 3) {
				inside.set(goOn.getCount() > 0);
				goOn.await();
			}
			return "r" + delivery.get(from);
		}).build();
		stream("a").complete(List.of(1, 2, 3, 4));
		this.mill.start();
		await().atMost(Duration.ofSeconds(10)).until(() -> failures.get() > 0);
		inside.set(false);
		completesOnceItMayGoOn(goOn, "r1", "r2", "r3", "r4");
		assertThat(failures).hasValue(1);
		assertThat(calls).containsExactly(1, 2, 3, 1, 2, 3, 4);
	}

	@Test
	void failsWithWhatKeepsACommitDuringALongCallFromEverSucceeding() throws InterruptedException {
		CountDownLatch failed = new CountDownLatch(1);
		AtomicBoolean inside = new AtomicBoolean();
		MillBuilder other = soon((operation, stream) -> {
			if (operation == FaultyBroker.Operation.COMMIT && inside.getAndSet(false)) {
				failed.countDown();
				throw new BrokerException("refused");
			}
		});
		Input<Integer> from = other.from("a", Integer.class, this.broker);
		this.mill = other.process((delivery) -> {
			if (delivery.get(from) == 3) {
				inside.set(true);
				failed.await();
			}
			return "r" + delivery.get(from);
		}).build();
		stream("a").complete(List.of(1, 2, 3, 4));
		assertThat(this.mill.run()).isEqualTo(MillState.FAILED);
		assertThat(this.mill.status().lastError().message()).contains("refused");
		assertThat(stream("out").elements()).isEmpty();
	}

	/**
	 * Run a mill whose function goes on at 3 while a commit is under way, which lasts
	 * until the lane's thread waits for it, or got by.
	 * @param asks whether the function at 3 asks for something of the lane's then
	 * @return the deliveries that went on before the commit was over
	 */
	private List<Integer> goesOnDuringACommit(boolean asks) {
		CountDownLatch underWay = new CountDownLatch(1);
		AtomicReference<Thread> lane = new AtomicReference<>();
		AtomicBoolean committing = new AtomicBoolean();
		List<Integer> goneOn = Collections.synchronizedList(new ArrayList<>());
		MillBuilder other = soon((operation, stream) -> {
			if (operation == FaultyBroker.Operation.COMMIT && lane.get() != null && underWay.getCount() > 0) {
				committing.set(true);
				underWay.countDown();
				await().until(() -> isWaitingForItsTurn(lane.get()) || !goneOn.isEmpty());
				committing.set(false);
			}
		});
		Input<Integer> from = other.from("a", Integer.class, this.broker);
		this.mill = other.process((delivery) -> {
			int value = delivery.get(from);
			if (value == 3) {
				lane.set(Thread.currentThread());
				underWay.await();
			}
			if (value == 3 && asks) {
				assertThat(delivery.context().positions()).containsOnlyKeys("a");
			}
			if ((value > 3 || asks) && committing.get()) {
				goneOn.add(value);
			}
			return "r" + value;
		}).build();
		stream("a").complete(List.of(1, 2, 3, 4));
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(stream("out").elements()).containsExactly("r1", "r2", "r3", "r4");
		return goneOn;
	}

	@Test
	void aCallThatReturnsWaitsForTheCommitThatIsUnderWay() {
		assertThat(goesOnDuringACommit(false)).isEmpty();
	}

	@Test
	void aCallThatAsksForItsPositionsWaitsForTheCommitThatIsUnderWay() {
		assertThat(goesOnDuringACommit(true)).isEmpty();
	}

	private static boolean isWaitingForItsTurn(Thread lane) {
		return lane.getState() == Thread.State.WAITING && Arrays.stream(lane.getStackTrace())
			.anyMatch((frame) -> frame.getClassName().equals(LongCalls.class.getName()));
	}

}
