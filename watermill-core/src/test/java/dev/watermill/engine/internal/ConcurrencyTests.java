package dev.watermill.engine.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.watermill.FaultyBroker;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Broker;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * As many lanes work at once as may.
 */
class ConcurrencyTests {

	private static final int LANES = 4;

	private final InMemoryBroker broker = new InMemoryBroker();

	private final AtomicInteger inside = new AtomicInteger();

	private final AtomicInteger most = new AtomicInteger();

	/** The lane of each call, in the order of the calls. */
	private final ConcurrentLinkedQueue<Integer> turns = new ConcurrentLinkedQueue<>();

	private final CountDownLatch gate = new CountDownLatch(1);

	/** The calls that wait at the gate, below it. */
	private int gated;

	/** What each call does besides. */
	private Runnable work = () -> {
	};

	private Mill mill;

	@BeforeEach
	void partitions() {
		this.broker.stream("in", LANES);
		this.broker.stream("out", LANES);
	}

	@AfterEach
	void stop() throws InterruptedException {
		this.gate.countDown();
		this.mill.stop();
		assertThat(this.mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
	}

	private MillBuilder builder(int concurrency) {
		return builder(concurrency, this.broker);
	}

	private MillBuilder builder(int concurrency, Broker from) {
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofNanos(1))
			.concurrency(concurrency)
			.retry(new RetryPolicy(3, Duration.ofMillis(50), Duration.ofMillis(50)))
			.to("out", Integer.class, this.broker);
		Input<Integer> in = builder.from("in", Integer.class, from);
		builder.process((delivery) -> {
			Integer element = delivery.get(in);
			this.most.accumulateAndGet(this.inside.incrementAndGet(), Math::max);
			try {
				this.turns.add(delivery.context().lane());
				if (element < this.gated) {
					assertThat(this.gate.await(20, TimeUnit.SECONDS)).isTrue();
				}
				Thread.yield();
				this.work.run();
				return element;
			}
			finally {
				this.inside.decrementAndGet();
			}
		});
		return builder;
	}

	private void start(MillBuilder builder) {
		this.mill = builder.build();
		this.mill.start();
	}

	private void fill(int elements) {
		for (int lane = 0; lane < LANES; lane++) {
			this.broker.<Integer>stream("in").partition(lane).complete(IntStream.range(0, elements).boxed().toList());
		}
	}

	private void awaitCompleted() throws InterruptedException {
		assertThat(this.mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(this.mill.state()).isEqualTo(MillState.COMPLETED);
	}

	@Test
	void callsOfAMillDoNotOverlapUnlessTheyMay() throws InterruptedException {
		fill(200);
		start(builder(1));
		awaitCompleted();
		assertThat(this.turns).hasSize(800);
		assertThat(this.most).hasValue(1);
	}

	@Test
	void asManyLanesWorkAtOnceAsMay() {
		this.gated = 1;
		fill(10);
		start(builder(2));
		await().until(() -> this.inside.get() == 2);
		await().during(Duration.ofMillis(200)).until(() -> this.inside.get() == 2);
	}

	@Test
	void aPermitIsGivenOnWithEachCommit() throws InterruptedException {
		this.gated = 1;
		fill(50);
		start(builder(1));
		awaitQueue();
		this.gate.countDown();
		awaitCompleted();
		List<Integer> order = List.copyOf(this.turns);
		assertThat(order).hasSize(LANES * 50);
		// all wait from the first call on, unless they commit just then, which may take
		// its
		// time on a busy machine; a lane that kept its permit would do all its work at
		// once
		assertThat(changesOfTurn(order)).isGreaterThan(LANES * 25);
	}

	private void awaitQueue() {
		await().until(() -> this.mill.status()
			.lanes()
			.stream()
			.filter((lane) -> lane.liveness().activity() == MillLiveness.Activity.QUEUED)
			.count() == LANES - 1);
	}

	private static long changesOfTurn(List<Integer> order) {
		return IntStream.range(1, order.size()).filter((i) -> !order.get(i).equals(order.get(i - 1))).count();
	}

	@Test
	void othersWorkWhileALaneCommits() throws InterruptedException {
		AtomicInteger committing = new AtomicInteger();
		Set<Thread> worked = ConcurrentHashMap.newKeySet();
		FaultyBroker faulty = new FaultyBroker(this.broker, (operation, stream) -> {
			if (operation == FaultyBroker.Operation.COMMIT && worked.contains(Thread.currentThread())
					&& committing.getAndIncrement() == 0) {
				// the first one to have something waits for all the others
				await().until(() -> Set.copyOf(this.turns).size() == LANES);
			}
		});
		fill(1);
		MillBuilder builder = Mill.builder("mill").concurrency(1).to("out", Integer.class, faulty);
		Input<Integer> in = builder.from("in", Integer.class, faulty);
		start(builder.process((delivery) -> {
			worked.add(Thread.currentThread());
			this.turns.add(delivery.context().lane());
			return delivery.get(in);
		}));
		awaitCompleted();
		assertThat(committing.get()).isGreaterThanOrEqualTo(LANES);
	}

	@Test
	void aTurnLastsAsLongAsResultsMayWaitForTheirCommit() throws InterruptedException {
		fill(40);
		AtomicLong time = new AtomicLong();
		this.work = () -> time.addAndGet(Duration.ofMillis(4).toNanos());
		start(builder(1).commitInterval(Duration.ofMillis(10)).clock(Clock.systemUTC(), time::get));
		awaitCompleted();
		List<Integer> order = List.copyOf(this.turns);
		assertThat(order).hasSize(160);
		// three calls take more than the interval; of others' calls nothing is to commit
		assertThat(changesOfTurn(order)).isLessThan(80);
	}

	@Test
	void aTurnLastsWhileWhatIsThereIsFetched() throws InterruptedException {
		InMemoryBroker pages = new InMemoryBroker(10);
		pages.stream("in", LANES);
		for (int lane = 0; lane < LANES; lane++) {
			pages.<Integer>stream("in").partition(lane).complete(IntStream.range(0, 200).boxed().toList());
		}
		this.gated = 1;
		FaultyBroker fetching = new FaultyBroker(pages, (operation, stream) -> {
		}).fetching();
		start(builder(1, fetching).commitInterval(Duration.ofHours(1)));
		awaitQueue();
		this.gate.countDown();
		awaitCompleted();
		List<Integer> order = List.copyOf(this.turns);
		assertThat(order).hasSize(LANES * 200);
		assertThat(changesOfTurn(order)).isEqualTo(LANES - 1);
	}

	@Test
	void aLaneThatWaitsLetsOthersWork() throws InterruptedException {
		start(builder(1));
		this.broker.<Integer>stream("in").partition(1).append(1);
		await().until(() -> this.broker.stream("out").partition(1).elements().size() == 1);
		this.broker.<Integer>stream("in").partition(3).append(1);
		await().until(() -> this.broker.stream("out").partition(3).elements().size() == 1);
		this.mill.pause();
		await().until(() -> this.mill.state() == MillState.PAUSED);
		this.mill.resume();
		fill(5);
		awaitCompleted();
	}

	@Test
	void aLaneBetweenRetriesLetsOthersWork() throws InterruptedException {
		MillBuilder builder = Mill.builder("mill")
			.retry(new RetryPolicy(1, Duration.ofMinutes(5), Duration.ofMinutes(5)))
			.to("out", Integer.class, this.broker);
		Input<Integer> in = builder.from("in", Integer.class, this.broker);
		builder.process((delivery) -> {
			if (delivery.context().lane() == 0) {
				throw new IllegalStateException("no");
			}
			return delivery.get(in);
		});
		fill(3);
		start(builder);
		await().until(() -> IntStream.range(1, LANES)
			.allMatch((lane) -> this.broker.stream("out").partition(lane).isEnded()));
		assertThat(this.mill.status().lanes().get(0).liveness().activity()).isEqualTo(MillLiveness.Activity.RETRYING);
	}

	@Test
	void timeOutsDoNotRunWhileALaneWaitsItsTurn() throws InterruptedException {
		this.gated = 1;
		for (int lane = 0; lane < LANES; lane++) {
			this.broker.<Integer>stream("in").partition(lane).append(0);
		}
		start(builder(1).dataTimeout(Duration.ofMillis(300)));
		await().until(() -> this.inside.get() == 1);
		// longer than the time-out, which all others would have passed
		await().during(Duration.ofMillis(600)).until(() -> this.mill.state() == MillState.RUNNING);
		this.gate.countDown();
		for (int lane = 0; lane < LANES; lane++) {
			this.broker.<Integer>stream("in").partition(lane).append(1);
		}
		awaitCompleted();
		for (int lane = 0; lane < LANES; lane++) {
			assertThat(this.broker.stream("out").partition(lane).elements()).hasSize(2);
		}
	}

	@Test
	void aLaneThatWaitsItsTurnStopsAtOnce() throws InterruptedException {
		this.gated = 1;
		fill(3);
		start(builder(1));
		await().until(() -> this.inside.get() == 1);
		this.mill.stop();
		await().until(() -> this.mill.status()
			.lanes()
			.stream()
			.filter((lane) -> lane.phase().state() == MillState.STOPPED)
			.count() == LANES - 1);
		assertThat(this.mill.state()).isEqualTo(MillState.RUNNING);
		this.gate.countDown();
		assertThat(this.mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(this.turns).hasSize(1);
	}

	@Test
	void aLaneOnAThreadOfTheUsersChoiceWorks() throws InterruptedException {
		fill(10);
		ConcurrentLinkedQueue<String> names = new ConcurrentLinkedQueue<>();
		start(builder(4).laneThreads((task) -> new Thread(() -> {
			names.add(Thread.currentThread().getName());
			task.run();
		})));
		awaitCompleted();
		assertThat(names).containsExactlyInAnyOrder("mill-0", "mill-1", "mill-2", "mill-3");
	}

}
