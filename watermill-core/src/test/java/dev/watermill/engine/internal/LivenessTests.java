package dev.watermill.engine.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.watermill.FaultyBroker;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.stream.ErrorPolicy;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether a mill that hangs, waits, repeats or rests can be told from one that gets on.
 * The clock moves only where a test moves it.
 */
class LivenessTests {

	private static final Duration LONG = Duration.ofMinutes(20);

	private final InMemoryBroker memory = new InMemoryBroker();

	private final AtomicBoolean away = new AtomicBoolean();

	private final AtomicBoolean outputAway = new AtomicBoolean();

	private final FaultyBroker broker = new FaultyBroker(this.memory, this::before);

	private final AtomicLong nanos = new AtomicLong();

	/** How often the thread that watches the mills has looked at the clock. */
	private final AtomicInteger looks = new AtomicInteger();

	/** What does not return until there is a permit. */
	private volatile FaultyBroker.@Nullable Operation hanging;

	private final Semaphore permits = new Semaphore(0);

	private @Nullable Mill mill;

	@AfterEach
	void stop() throws InterruptedException {
		this.away.set(false);
		this.outputAway.set(false);
		this.permits.release(1_000_000);
		if (this.mill != null) {
			this.mill.stop();
			assertThat(this.mill.awaitEnd(Duration.ofSeconds(30))).isTrue();
		}
	}

	private void before(FaultyBroker.Operation operation, String stream) {
		if (operation == this.hanging) {
			this.permits.acquireUninterruptibly();
		}
		boolean reads = operation == FaultyBroker.Operation.READ || operation == FaultyBroker.Operation.OPEN_SOURCE;
		if (reads && this.away.get() || operation == FaultyBroker.Operation.WRITE && this.outputAway.get()) {
			throw new BrokerUnavailableException("it does not answer");
		}
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5));
	}

	private MillBuilder builder() {
		return Mill.builder("mill")
			.retry(new RetryPolicy(1_000_000, Duration.ofMillis(1), Duration.ofMillis(1)))
			.pollTimeout(Duration.ofMillis(10))
			.commitInterval(Duration.ofMillis(1))
			.clock(Clock.systemUTC(), this::nanos);
	}

	private long nanos() {
		if (Thread.currentThread().getName().equals("watermill-watch")) {
			this.looks.incrementAndGet();
		}
		return this.nanos.get();
	}

	private Mill start(MillBuilder builder) {
		Mill started = builder.to("out", Integer.class, this.broker).build();
		this.mill = started;
		started.start();
		return started;
	}

	/**
	 * Start a mill whose function waits for a permit.
	 */
	private Mill startWaiting() {
		MillBuilder builder = builder();
		Input<Integer> in = builder.from("in", Integer.class, this.broker);
		return start(builder.process((delivery) -> {
			this.permits.acquire();
			return delivery.get(in);
		}));
	}

	private InMemoryStream<Integer> in() {
		return this.memory.stream("in");
	}

	private void append(int from, int to) {
		in().appendAll(IntStream.range(from, to).boxed().toList());
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	private MillLiveness liveness() {
		return this.mill.liveness();
	}

	private void awaitActivity(MillLiveness.Activity activity) {
		await().untilAsserted(() -> assertThat(liveness().activity()).isEqualTo(activity));
	}

	private void awaitProgress() {
		await().untilAsserted(() -> assertThat(liveness().sinceProgress()).isZero());
	}

	@Test
	void tellsTheAgeOfTheCallInFlight() {
		append(0, 2);
		startWaiting();
		awaitActivity(MillLiveness.Activity.CALLING);
		assertThat(liveness().callAge()).isZero();
		pass(LONG);
		assertThat(liveness()).isEqualTo(new MillLiveness(MillLiveness.Activity.CALLING, LONG, LONG));
		this.permits.release();
		awaitProgress();
		awaitActivity(MillLiveness.Activity.CALLING);
		assertThat(liveness().callAge()).isZero();
		this.permits.release();
		awaitActivity(MillLiveness.Activity.IDLE);
		assertThat(liveness().callAge()).isNull();
	}

	@Test
	void seesTheBeginOfACallAlthoughNobodyAsks() {
		append(0, 1);
		startWaiting();
		await().untilAsserted(() -> assertThat(this.permits.hasQueuedThreads()).isTrue());
		int looked = this.looks.get();
		await().untilAsserted(() -> assertThat(this.looks).hasValueGreaterThan(looked + 1));
		pass(LONG);
		assertThat(liveness().callAge()).isEqualTo(LONG);
	}

	@Test
	void takesNoTimeFromTheClockForEachCall() {
		append(0, 100_000);
		this.permits.release(100_000);
		AtomicInteger asked = new AtomicInteger();
		MillBuilder builder = builder().commitInterval(Duration.ofHours(1)).clock(Clock.systemUTC(), () -> {
			asked.incrementAndGet();
			return 0;
		});
		Input<Integer> in = builder.from("in", Integer.class, this.broker);
		in().end();
		this.mill = builder.process((delivery) -> delivery.get(in)).to("out", Integer.class, this.broker).build();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(asked).hasValueLessThan(10_000);
	}

	@Test
	void isIdleAndNotStuckWhileThereIsNothingToDo() {
		startWaiting();
		awaitActivity(MillLiveness.Activity.IDLE);
		pass(LONG);
		awaitProgress();
		assertThat(liveness()).isEqualTo(new MillLiveness(MillLiveness.Activity.IDLE, Duration.ZERO, null));
	}

	@Test
	void isIdleWhereOneSideOfAJoinHasNothing() {
		MillBuilder builder = builder();
		Input<Integer> in = builder.from("in", Integer.class, this.broker);
		builder.join(in, "b", Integer.class, this.broker).onLong((left) -> left, (right) -> right).many();
		append(0, 1_000);
		start(builder.process((delivery) -> delivery.get(in)));
		awaitActivity(MillLiveness.Activity.IDLE);
		pass(LONG);
		awaitProgress();
	}

	@Test
	void countsWhatIsPassedWithoutADeliveryAsProgress() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		MillBuilder builder = builder();
		Input<Integer> in = builder.from("in", Integer.class, this.broker);
		builder.join(in, "b", Integer.class, this.broker).onLong((left) -> left, (right) -> {
			begun.countDown();
			return right;
		}).many();
		this.memory.<Integer>stream("b").append(1_000_000);
		start(builder.process((delivery) -> delivery.get(in)));
		assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
		long before = this.mill.counters().deliveries().get();
		pass(LONG);
		append(0, 50_000);
		await().untilAsserted(() -> {
			pass(Duration.ofMillis(100));
			assertThat(this.mill.counters().inputs().get("in").read().get()).as("committed").isEqualTo(50_000);
		});
		awaitProgress();
		assertThat(this.mill.counters().deliveries().get()).isEqualTo(before);
	}

	@Test
	void countsNoAttemptThatFailedAsProgress() {
		AtomicInteger attempts = new AtomicInteger();
		AtomicBoolean cured = new AtomicBoolean();
		MillBuilder builder = builder();
		Input<Integer> in = builder.from("in", Integer.class, this.broker);
		append(0, 1);
		start(builder.process((delivery) -> {
			attempts.incrementAndGet();
			if (!cured.get()) {
				throw new IllegalStateException("not yet");
			}
			return delivery.get(in);
		}));
		await().until(() -> attempts.get() > 2);
		liveness();
		pass(LONG);
		await().until(() -> attempts.get() > 20);
		assertThat(liveness().sinceProgress()).isEqualTo(LONG);
		awaitActivity(MillLiveness.Activity.RETRYING);
		cured.set(true);
		awaitProgress();
		awaitActivity(MillLiveness.Activity.IDLE);
	}

	@Test
	void countsADeliveryThatIsPassedOverAsProgress() {
		MillBuilder builder = builder().retry(new RetryPolicy(0, Duration.ofMillis(1), Duration.ofMillis(1)))
			.onError(ErrorPolicy.SKIP);
		Input<Integer> in = builder.from("in", Integer.class, this.broker);
		append(0, 1);
		start(builder.process((delivery) -> {
			this.permits.acquire();
			if (delivery.get(in) == 0) {
				throw new IllegalStateException("bad");
			}
			return delivery.get(in);
		}));
		awaitActivity(MillLiveness.Activity.CALLING);
		pass(LONG);
		append(1, 2);
		this.permits.release();
		awaitProgress();
		assertThat(this.mill.counters().skippedDeliveries().get()).isEqualTo(1);
	}

	@Test
	void countsEachPartOfManyResultsAsACall() {
		MillBuilder builder = builder();
		builder.from("in", Integer.class, this.broker);
		append(0, 1);
		start(builder.processStream((delivery) -> Stream.iterate(1, (i) -> i <= 20_000, (i) -> {
			this.permits.acquireUninterruptibly();
			return i + 1;
		})));
		awaitActivity(MillLiveness.Activity.CALLING);
		this.permits.release(15_000);
		await().until(() -> this.permits.availablePermits() == 0 && this.permits.hasQueuedThreads());
		awaitProgress();
		awaitActivity(MillLiveness.Activity.CALLING);
		pass(LONG);
		assertThat(liveness().callAge()).isEqualTo(LONG);
		this.permits.release(5_000);
		awaitActivity(MillLiveness.Activity.IDLE);
	}

	@Test
	void makesNoProgressWhileItsInputIsAway() {
		this.away.set(true);
		startWaiting();
		await().until(() -> this.mill.status().unavailable() != null);
		pass(LONG);
		assertThat(liveness().sinceProgress()).isEqualTo(LONG);
		awaitActivity(MillLiveness.Activity.WAITING);
		this.away.set(false);
		awaitActivity(MillLiveness.Activity.IDLE);
		awaitProgress();
		assertThat(this.mill.status().unavailable()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "OPEN_SOURCE, STARTING", "READ, MERGING", "COMMIT, COMMITTING", "WRITE, MERGING" })
	void makesNoProgressWhileABrokerHangs(FaultyBroker.Operation operation, MillLiveness.Activity activity) {
		this.hanging = operation;
		MillBuilder builder = builder();
		Input<Integer> in = builder.from("in", Integer.class, this.broker);
		append(0, 1);
		start(builder.process((delivery) -> delivery.get(in)));
		await().until(this.permits::hasQueuedThreads);
		pass(LONG);
		MillLiveness seen = liveness();
		assertThat(seen.activity()).isEqualTo(activity);
		assertThat(seen.callAge()).isNull();
		// what came just before may only be seen now
		pass(LONG);
		assertThat(liveness().sinceProgress()).isGreaterThanOrEqualTo(LONG);
		this.hanging = null;
		this.permits.release();
		awaitActivity(MillLiveness.Activity.IDLE);
		awaitProgress();
	}

	@Test
	void isUnavailableUntilItHasCommittedWhereItsOutputWasAway() {
		this.outputAway.set(true);
		this.permits.release(1_000_000);
		AtomicInteger calls = new AtomicInteger();
		AtomicInteger seenAvailable = new AtomicInteger();
		MillBuilder builder = builder();
		Input<Integer> in = builder.from("in", Integer.class, this.broker);
		append(0, 3);
		start(builder.process((delivery) -> {
			// the first attempt cannot know
			if (calls.incrementAndGet() > 1 && this.mill.status().unavailable() == null) {
				seenAvailable.incrementAndGet();
			}
			return delivery.get(in);
		}));
		await().until(() -> calls.get() > 20);
		assertThat(seenAvailable).hasValue(0);
		this.outputAway.set(false);
		await().until(() -> this.mill.status().unavailable() == null);
		awaitActivity(MillLiveness.Activity.IDLE);
	}

	@Test
	void restsWhilePausedAndDoesNothingWhileStopped() throws InterruptedException {
		startWaiting();
		awaitActivity(MillLiveness.Activity.IDLE);
		this.mill.pause();
		awaitActivity(MillLiveness.Activity.PAUSED);
		pass(LONG);
		awaitProgress();
		this.mill.resume();
		awaitActivity(MillLiveness.Activity.IDLE);
		this.mill.stop();
		assertThat(this.mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(liveness()).isEqualTo(new MillLiveness(MillLiveness.Activity.NONE, null, null));
		this.mill.waitFor("another");
		assertThat(liveness().activity()).isEqualTo(MillLiveness.Activity.NONE);
		this.mill.stop();
		pass(LONG);
		this.mill.start();
		awaitActivity(MillLiveness.Activity.IDLE);
		assertThat(liveness().sinceProgress()).isZero();
	}

	@Test
	void tellsTheLagUpToTheNewestEndWhileTheFunctionHangs() {
		append(0, 1);
		startWaiting();
		awaitActivity(MillLiveness.Activity.CALLING);
		assertThat(this.mill.lags()).containsEntry("in", 1L);
		append(1, 20_001);
		assertThat(this.mill.lags()).containsEntry("in", 20_001L);
		this.permits.release(5);
		await().untilAsserted(() -> assertThat(this.mill.lags()).containsEntry("in", 20_001L - 5));
		this.permits.release(30_000);
		await().untilAsserted(() -> assertThat(this.mill.lags()).containsEntry("in", 0L));
	}

	@Test
	void tellsTheLagWhilePaused() {
		startWaiting();
		awaitActivity(MillLiveness.Activity.IDLE);
		this.mill.pause();
		awaitActivity(MillLiveness.Activity.PAUSED);
		append(0, 7);
		assertThat(this.mill.lags()).containsEntry("in", 7L);
	}

	@Test
	void watchesOnOneThreadAsLongAsThereIsSomethingToWatch() throws InterruptedException {
		startWaiting();
		MillBuilder another = Mill.builder("other");
		Input<Integer> in = another.from("in", Integer.class, this.broker);
		Mill other = another.process((delivery) -> delivery.get(in))
			.to("elsewhere", Integer.class, this.broker)
			.build();
		other.start();
		await().untilAsserted(() -> assertThat(watchThreads()).hasSize(1));
		other.stop();
		assertThat(other.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(watchThreads()).hasSize(1);
		this.mill.stop();
		assertThat(this.mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		await().untilAsserted(() -> assertThat(watchThreads()).isEmpty());
	}

	private static List<String> watchThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.equals("watermill-watch"))
			.toList();
	}

}
