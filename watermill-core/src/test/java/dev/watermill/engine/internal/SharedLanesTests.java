package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.watermill.FaultyBroker;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.StartedMills;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryCoordinator;
import dev.watermill.broker.memory.InMemoryMember;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.engine.RetryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Lanes that come and go: several mills of one name in this JVM are the instances.
 */
class SharedLanesTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final InMemoryBroker broker = new InMemoryBroker();

	private final InMemoryCoordinator coordinator = this.broker.coordinator();

	private final List<Mill> mills = new ArrayList<>();

	/** Which instance processed each element. */
	private final Map<String, ConcurrentLinkedQueue<String>> calls = new ConcurrentHashMap<>();

	/** What a call of the function waits for, by the element. */
	private final Map<Integer, CountDownLatch> gates = new ConcurrentHashMap<>();

	private final Set<Integer> entered = ConcurrentHashMap.newKeySet();

	private final Set<Integer> failing = ConcurrentHashMap.newKeySet();

	private final ConcurrentLinkedQueue<String> rebalances = new ConcurrentLinkedQueue<>();

	private final AtomicInteger inside = new AtomicInteger();

	private final AtomicInteger most = new AtomicInteger();

	private final AtomicBoolean deaf = new AtomicBoolean();

	@AfterEach
	void stop() throws InterruptedException {
		this.gates.values().forEach(CountDownLatch::countDown);
		StartedMills.stop(this.mills);
	}

	private void partitions(int count) {
		this.broker.stream("in", count);
		this.broker.stream("out", count);
	}

	private MillBuilder builder(String instance) {
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofMillis(5))
			.concurrency(64)
			.partitionWatch(Duration.ofMillis(20), Duration.ofMillis(200))
			.retry(new RetryPolicy(0, Duration.ofMillis(1), Duration.ofMillis(1)))
			.listener(new MillListener() {

				@Override
				public void lanesAssigned(int lanes) {
					SharedLanesTests.this.rebalances.add(instance + " got " + lanes);
				}

				@Override
				public void lanesRevoked(int lanes, boolean lost, long nanos) {
					SharedLanesTests.this.rebalances.add(instance + (lost ? " lost " : " gave ") + lanes);
				}

			});
		Input<Integer> in = builder.from("in", Integer.class, this.broker);
		builder.process((delivery) -> process(instance, delivery, in));
		builder.to("out", String.class, this.broker);
		return builder;
	}

	private String process(String instance, Delivery delivery, Input<Integer> in) {
		Integer element = delivery.get(in);
		this.most.accumulateAndGet(this.inside.incrementAndGet(), Math::max);
		try {
			return process(instance, element);
		}
		finally {
			this.inside.decrementAndGet();
		}
	}

	private String process(String instance, Integer element) {
		this.entered.add(element);
		CountDownLatch gate = this.gates.get(element);
		boolean open = gate == null;
		while (!open) {
			try {
				open = gate.await(20, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				if (!this.deaf.get()) {
					throw new IllegalStateException("interrupted");
				}
			}
		}
		if (this.failing.contains(element)) {
			throw new IllegalStateException("no " + element);
		}
		this.calls.computeIfAbsent(instance, (missing) -> new ConcurrentLinkedQueue<>()).add("r" + element);
		return "r" + element;
	}

	private Mill instance(String name) {
		return instance(builder(name));
	}

	private Mill instance(MillBuilder builder) {
		Mill mill = builder.build();
		this.mills.add(mill);
		return mill;
	}

	private Mill start(String name) {
		Mill mill = instance(name);
		mill.start();
		return mill;
	}

	private void append(int partition, Integer... elements) {
		this.broker.<Integer>stream("in").partition(partition).appendAll(List.of(elements));
	}

	private List<Object> out(int partition) {
		return this.broker.stream("out").partition(partition).elements();
	}

	private void awaitOut(int partition, Object... results) {
		await().untilAsserted(() -> assertThat(out(partition)).containsExactly(results));
	}

	private static List<Integer> lanes(Mill mill) {
		return mill.status().lanes().stream().map(MillStatus.Lane::lane).toList();
	}

	private static void awaitLanes(Mill mill, int count) {
		await().untilAsserted(() -> assertThat(mill.status().lanes()).hasSize(count)
			.allMatch((lane) -> lane.phase() instanceof MillPhase.Running));
	}

	@Test
	void instancesShareTheLanesOutAndGiveThemOn() throws InterruptedException {
		partitions(4);
		Mill one = start("one");
		awaitLanes(one, 4);
		Mill two = start("two");
		awaitLanes(one, 2);
		awaitLanes(two, 2);
		for (int lane = 0; lane < 4; lane++) {
			append(lane, 10 * lane, 10 * lane + 1);
			awaitOut(lane, "r" + 10 * lane, "r" + (10 * lane + 1));
		}
		assertThat(this.calls.get("one")).hasSize(4);
		assertThat(this.calls.get("two")).hasSize(4);
		assertThat(one.members()).hasSize(2).extracting((peer) -> peer.lanes().size()).containsExactly(2, 2);
		two.stop();
		assertThat(two.awaitEnd(LONG)).isTrue();
		assertThat(two.state()).isEqualTo(MillState.STOPPED);
		awaitLanes(one, 4);
		for (int lane = 0; lane < 4; lane++) {
			append(lane, 10 * lane + 2);
			awaitOut(lane, "r" + 10 * lane, "r" + (10 * lane + 1), "r" + (10 * lane + 2));
		}
		assertThat(this.rebalances).contains("one got 4", "one gave 2", "two got 2", "two gave 2", "one got 2");
	}

	@Test
	void anInstanceWithoutLanesStandsBy() {
		partitions(1);
		Mill one = start("one");
		awaitLanes(one, 1);
		Mill two = start("two");
		await().until(() -> two.state() == MillState.RUNNING);
		assertThat(lanes(two)).isEmpty();
		two.pause();
		await().until(() -> two.state() == MillState.PAUSED);
		two.resume();
		await().until(() -> two.state() == MillState.RUNNING);
		append(0, 1);
		awaitOut(0, "r1");
		one.stop();
		append(0, 2);
		awaitOut(0, "r1", "r2");
		assertThat(this.calls.get("two")).containsExactly("r2");
	}

	@Test
	void anInstanceThatStandsBySaysThatItsBrokerIsAway() {
		partitions(1);
		Mill one = start("one");
		awaitLanes(one, 1);
		AtomicBoolean away = new AtomicBoolean();
		FaultyBroker faulty = new FaultyBroker(this.broker, (operation, stream) -> {
			boolean coordinator = !Thread.currentThread().getName().equals("mill-lanes");
			if (operation == FaultyBroker.Operation.COUNT && away.get() && !coordinator) {
				throw new BrokerUnavailableException("the broker is away");
			}
		});
		MillBuilder builder = Mill.builder("mill").partitionWatch(Duration.ofMillis(20), LONG);
		Input<Integer> in = builder.from("in", Integer.class, faulty);
		builder.process((delivery) -> "r" + delivery.get(in)).to("out", String.class, this.broker);
		Mill two = instance(builder);
		two.start();
		await().until(() -> two.state() == MillState.RUNNING);
		away.set(true);
		await().until(() -> "the broker is away".equals(two.status().unavailable()));
		away.set(false);
		await().until(() -> two.status().unavailable() == null);
		assertThat(lanes(two)).isEmpty();
	}

	@Test
	void pausesAndResumesAllLanes() {
		partitions(2);
		Mill one = start("one");
		awaitLanes(one, 2);
		one.pause();
		await().until(() -> one.state() == MillState.PAUSED);
		append(0, 1);
		append(1, 11);
		await().during(Duration.ofMillis(200)).until(() -> out(0).isEmpty() && out(1).isEmpty());
		one.resume();
		awaitOut(0, "r1");
		awaitOut(1, "r11");
		assertThat(one.state()).isEqualTo(MillState.RUNNING);
	}

	@Test
	void finishesTheDeliveryBeforeALaneIsGivenAway() {
		partitions(2);
		Mill one = start("one");
		awaitLanes(one, 2);
		CountDownLatch gate = new CountDownLatch(1);
		this.gates.put(1, gate);
		append(0, 1, 2);
		append(1, 1, 2);
		await().until(() -> this.entered.contains(1));
		Mill two = start("two");
		await().until(() -> two.state() == MillState.RUNNING);
		await().during(Duration.ofMillis(200)).until(() -> lanes(two).isEmpty());
		gate.countDown();
		awaitOut(0, "r1", "r2");
		awaitOut(1, "r1", "r2");
		awaitLanes(two, 1);
		assertThat(this.calls.get("one")).contains("r1", "r1");
	}

	@Test
	void abandonsALaneThatIsToBeGivenAwayAndDoesNotCome() {
		partitions(2);
		Mill one = instance(builder("one").handOverTimeout(Duration.ofMillis(100)));
		one.start();
		awaitLanes(one, 2);
		this.gates.put(1, new CountDownLatch(1));
		append(1, 1);
		await().until(() -> this.entered.contains(1));
		Mill two = start("two");
		await().until(() -> lanes(two).size() == 1);
		// whichever lane it was, the one that hangs hangs on one instance only
		this.gates.remove(1).countDown();
		awaitOut(1, "r1");
		append(0, 5);
		awaitOut(0, "r5");
	}

	@Test
	void twoNeverWorkOnALaneOfAnInstanceHoweverOftenItComesAndGoes() throws InterruptedException {
		partitions(1);
		this.deaf.set(true);
		Mill one = instance(builder("one").handOverTimeout(Duration.ofMillis(50)));
		one.start();
		awaitLanes(one, 1);
		CountDownLatch gate = new CountDownLatch(1);
		this.gates.put(1, gate);
		append(0, 1);
		await().until(() -> this.entered.remove(1));
		for (int i = 0; i < 2; i++) {
			this.coordinator.members("mill").get(0).cut();
			Mill two = start("two");
			this.gates.remove(1);
			this.coordinator.advance(InMemoryCoordinator.SESSION_TIMEOUT);
			awaitLanes(two, 1);
			this.gates.put(1, gate);
			this.coordinator.members("mill").get(0).heal();
			two.stop();
			assertThat(two.awaitEnd(LONG)).isTrue();
			await().until(() -> lanes(one).size() == 1);
		}
		append(0, 2);
		await().during(Duration.ofMillis(300)).until(() -> !this.entered.contains(2) || gate.getCount() == 0);
		gate.countDown();
		awaitOut(0, "r1", "r2");
	}

	@Test
	void anInstanceThatIsEndedLeavesThoughACallDoesNotReturn() throws InterruptedException {
		partitions(1);
		this.deaf.set(true);
		Mill one = instance(builder("one").handOverTimeout(Duration.ofMillis(50)));
		one.start();
		awaitLanes(one, 1);
		CountDownLatch gate = new CountDownLatch(1);
		this.gates.put(1, gate);
		append(0, 1);
		await().until(() -> this.entered.contains(1));
		Mill two = start("two");
		await().until(() -> two.state() == MillState.RUNNING);
		this.gates.remove(1);
		one.abort();
		awaitOut(0, "r1");
		assertThat(this.calls.get("two")).containsExactly("r1");
		assertThat(one.awaitEnd(LONG)).isTrue();
		assertThat(one.state()).isEqualTo(MillState.STOPPED);
		gate.countDown();
	}

	@Test
	void whatWasLostIsNotCommitted() {
		partitions(1);
		Mill one = start("one");
		awaitLanes(one, 1);
		CountDownLatch gate = new CountDownLatch(1);
		this.gates.put(1, gate);
		append(0, 1);
		await().until(() -> this.entered.contains(1));
		InMemoryMember member = this.coordinator.members("mill").get(0);
		member.cut();
		this.gates.remove(1);
		Mill two = start("two");
		await().until(() -> two.state() == MillState.RUNNING);
		this.coordinator.advance(InMemoryCoordinator.SESSION_TIMEOUT);
		awaitOut(0, "r1");
		gate.countDown();
		append(0, 2);
		awaitOut(0, "r1", "r2");
		assertThat(this.calls.get("two")).containsExactly("r1", "r2");
		member.heal();
		await().untilAsserted(() -> assertThat(lanes(one)).isEmpty());
		await().until(() -> one.state() == MillState.RUNNING);
		append(0, 3);
		awaitOut(0, "r1", "r2", "r3");
	}

	@Test
	void takesBackALaneThatALateSleeperTook() {
		partitions(1);
		Mill one = instance(builder("one").partitionWatch(LONG, LONG));
		one.start();
		awaitLanes(one, 1);
		append(0, 1);
		awaitOut(0, "r1");
		try (CommitLog sleeper = this.broker.commitPlace().open(CommitScope.of(new LaneId("mill", 0)))) {
			sleeper.requireHeld();
			append(0, 2);
			awaitOut(0, "r1", "r2");
		}
		assertThat(one.state()).isEqualTo(MillState.RUNNING);
	}

	@Test
	void aCallThatDoesNotEndKeepsTheLaneFromANewLifeHere() {
		partitions(1);
		this.deaf.set(true);
		Mill one = start("one");
		awaitLanes(one, 1);
		CountDownLatch gate = new CountDownLatch(1);
		this.gates.put(1, gate);
		append(0, 1);
		await().until(() -> this.entered.contains(1));
		InMemoryMember member = this.coordinator.members("mill").get(0);
		member.cut();
		this.coordinator.advance(InMemoryCoordinator.SESSION_TIMEOUT);
		member.heal();
		await().until(() -> this.rebalances.contains("one lost 1"));
		await().until(() -> this.rebalances.stream().filter("one got 1"::equals).count() == 2);
		await().during(Duration.ofMillis(300)).until(() -> this.inside.get() == 1 && out(0).isEmpty());
		gate.countDown();
		awaitOut(0, "r1");
		assertThat(this.most).hasValue(1);
		assertThat(this.calls.get("one")).containsExactly("r1", "r1");
	}

	@Test
	void stopsWhereAnotherTookTheMembersPlace() {
		partitions(2);
		Mill one = start("one");
		awaitLanes(one, 2);
		this.coordinator.members("mill").get(0).fence();
		await().until(() -> one.status().phase() instanceof MillPhase.TakenOver);
		assertThat(one.state()).isEqualTo(MillState.STOPPED);
		one.start();
		awaitLanes(one, 2);
		append(0, 1);
		awaitOut(0, "r1");
	}

	@Test
	void aLaneThatFailsLeavesTheOthersAloneUntilItIsStartedAgain() {
		partitions(2);
		Mill one = start("one");
		awaitLanes(one, 2);
		this.failing.add(1);
		append(0, 1);
		await().until(() -> one.state() == MillState.FAILED);
		assertThat(one.status().phase()).isInstanceOfSatisfying(MillPhase.LaneFailed.class,
				(failed) -> assertThat(failed.lane()).isZero());
		assertThat(one.status().lanes().get(0).failure()).hasRootCauseMessage("no 1");
		assertThat(one.status().lastError().message()).contains("no 1");
		append(1, 11);
		awaitOut(1, "r11");
		Mill two = start("two");
		await().until(() -> two.state() == MillState.RUNNING);
		awaitLanes(two, 1);
		assertThat(lanes(one)).containsExactly(0);
		this.failing.clear();
		one.start();
		awaitOut(0, "r1");
		await().until(() -> one.state() == MillState.RUNNING);
	}

	@Test
	void isCompletedWhenAllLanesAreOnWhicheverInstances() throws InterruptedException {
		partitions(4);
		Mill one = start("one");
		Mill two = start("two");
		awaitLanes(one, 2);
		awaitLanes(two, 2);
		for (int lane = 0; lane < 3; lane++) {
			append(lane, lane);
			this.broker.stream("in").partition(lane).end();
		}
		await().untilAsserted(() -> assertThat(
				IntStream.range(0, 3).allMatch((lane) -> this.broker.stream("out").partition(lane).isEnded()))
			.isTrue());
		await().during(Duration.ofMillis(700))
			.until(() -> one.state() == MillState.RUNNING && two.state() == MillState.RUNNING);
		this.broker.stream("in").partition(3).end();
		assertThat(one.awaitEnd(LONG)).isTrue();
		assertThat(two.awaitEnd(LONG)).isTrue();
		assertThat(one.state()).isEqualTo(MillState.COMPLETED);
		assertThat(two.state()).isEqualTo(MillState.COMPLETED);
		assertThat(this.broker.committed(new LaneId("mill", 3))).get()
			.satisfies((checkpoint) -> assertThat(checkpoint.run()).isOne());
		// the next run goes on behind the marks
		one.start();
		append(2, 12);
		awaitOut(2, "r2", "r12");
		assertThat(this.broker.committed(new LaneId("mill", 2))).get().satisfies((checkpoint) -> {
			assertThat(checkpoint.run()).isEqualTo(2);
			assertThat(checkpoint.completed()).isFalse();
		});
		assertThat(one.state()).isEqualTo(MillState.RUNNING);
	}

	@Test
	void goesOnInTheRunThatIsNotOver() throws InterruptedException {
		partitions(2);
		Mill one = start("one");
		append(0, 1);
		this.broker.stream("in").partition(0).end();
		await().until(() -> this.broker.stream("out").partition(0).isEnded());
		one.stop();
		assertThat(one.awaitEnd(LONG)).isTrue();
		assertThat(one.state()).isEqualTo(MillState.STOPPED);
		append(0, 2);
		append(1, 11);
		one.start();
		awaitOut(1, "r11");
		// what stands behind the mark belongs to the next run
		await().during(Duration.ofMillis(200)).until(() -> out(0).size() == 1);
		this.broker.stream("in").partition(1).end();
		assertThat(one.awaitEnd(LONG)).isTrue();
		assertThat(one.state()).isEqualTo(MillState.COMPLETED);
		one.start();
		awaitOut(0, "r1", "r2");
	}

	/**
	 * The lanes begin one after another, so that short ones may be over before the last
	 * one has committed anything.
	 */
	@Test
	void goesOnInTheRunInWhichALaneHasNotBegun() throws InterruptedException {
		partitions(2);
		append(0, 1);
		this.broker.stream("in").partition(0).end();
		append(1, 11);
		CountDownLatch gate = new CountDownLatch(1);
		AtomicInteger threads = new AtomicInteger();
		Mill one = instance(builder("one")
			.laneThreads((work) -> (threads.incrementAndGet() != 2) ? new Thread(work) : new Thread(() -> {
				awaitOpen(gate);
				work.run();
			})));
		one.start();
		await().until(() -> this.broker.stream("out").partition(0).isEnded());
		one.abort();
		gate.countDown();
		assertThat(one.awaitEnd(LONG)).isTrue();
		assertThat(this.broker.committed(new LaneId("mill", 1))).isEmpty();
		append(0, 2);
		one.start();
		awaitOut(1, "r11");
		this.broker.stream("in").partition(1).end();
		assertThat(one.awaitEnd(LONG)).isTrue();
		assertThat(one.state()).isEqualTo(MillState.COMPLETED);
		assertThat(out(0)).containsExactly("r1");
		assertThat(this.broker.committed(new LaneId("mill", 1))).get()
			.satisfies((checkpoint) -> assertThat(checkpoint.run()).isOne());
	}

	private static void awaitOpen(CountDownLatch gate) {
		try {
			assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void isResetOnlyWhileNobodyElseWorks() throws InterruptedException {
		partitions(2);
		Mill one = start("one");
		Mill two = start("two");
		append(0, 1);
		awaitOut(0, "r1");
		awaitLanes(two, 1);
		two.stop();
		assertThat(two.awaitEnd(LONG)).isTrue();
		assertThatIllegalStateException().isThrownBy(two::reset)
			.withMessageContaining("'mill'")
			.withMessageContaining("(mill-")
			.withMessageContaining("memory");
		one.stop();
		assertThat(one.awaitEnd(LONG)).isTrue();
		two.reset();
		two.start();
		await().until(() -> this.calls.getOrDefault("two", new ConcurrentLinkedQueue<>()).contains("r1"));
	}

	@Test
	void newPartitionsGetLanes() {
		partitions(2);
		Mill one = start("one");
		awaitLanes(one, 2);
		partitions(3);
		append(2, 21);
		awaitOut(2, "r21");
		awaitLanes(one, 3);
	}

	@Test
	void failsWhereTheWaitForEqualPartitionsIsInterrupted() {
		partitions(2);
		Mill one = instance("one");
		Thread.currentThread().interrupt();
		assertThat(one.run()).isEqualTo(MillState.FAILED);
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void aMillThatRunsOnACallersThreadCompletesThere() {
		partitions(2);
		append(0, 1);
		append(1, 11);
		this.broker.stream("in").partition(0).end();
		this.broker.stream("in").partition(1).end();
		assertThat(instance("one").run()).isEqualTo(MillState.COMPLETED);
		assertThat(out(0)).containsExactly("r1");
		assertThat(out(1)).containsExactly("r11");
	}

}
