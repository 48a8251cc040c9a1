package dev.watermill.engine.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.watermill.FaultyBroker;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How many lanes a mill has, and what becomes of it when its streams are partitioned
 * anew.
 */
class LaneCountTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final InMemoryBroker broker = new InMemoryBroker();

	private Mill mill;

	@AfterEach
	void stop() throws InterruptedException {
		if (this.mill != null) {
			this.mill.stop();
			assertThat(this.mill.awaitEnd(LONG)).isTrue();
		}
	}

	private Mill build(Duration unequalFor) {
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofMillis(5))
			.partitionWatch(Duration.ofMillis(10), unequalFor)
			.to("out", Integer.class, this.broker);
		Input<Integer> a = builder.from("a", Integer.class, this.broker);
		JoinFirst<Integer, Integer> b = builder.join(a, "b", Integer.class, this.broker)
			.on(KeyFunction.ofLong("id", (id) -> id), KeyFunction.ofLong("id", (id) -> id))
			.first();
		builder.process((delivery) -> delivery.get(a) + delivery.get(b).get(delivery.get(a)));
		this.mill = builder.build();
		return this.mill;
	}

	private void partitions(int a, int b, int out) {
		this.broker.stream("a", a);
		this.broker.stream("b", b);
		this.broker.stream("out", out);
	}

	private InMemoryStream<Integer> in(String stream, int partition) {
		return this.broker.<Integer>stream(stream).partition(partition);
	}

	private List<Object> out(int partition) {
		return this.broker.stream("out").partition(partition).elements();
	}

	private String failure() {
		assertThat(this.mill.status().phase()).isInstanceOf(MillPhase.Failed.class);
		return this.mill.status().lastError().message();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void eachLaneJoinsThePartitionsOfItsNumber(boolean callersThread) throws InterruptedException {
		partitions(3, 3, 3);
		for (int lane = 0; lane < 3; lane++) {
			in("a", lane).complete(List.of(1, 2, 3, lane + 10));
			in("b", lane).complete(List.of(2, lane + 10));
		}
		build(LONG);
		if (callersThread) {
			assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		}
		else {
			this.mill.start();
			assertThat(this.mill.awaitEnd(LONG)).isTrue();
			assertThat(this.mill.state()).isEqualTo(MillState.COMPLETED);
		}
		for (int lane = 0; lane < 3; lane++) {
			assertThat(out(lane)).containsExactly(4, 2 * lane + 20);
		}
		assertThat(this.mill.lanes()).hasSize(3);
		assertThat(this.mill.counters().deliveries().get()).isEqualTo(6);
	}

	@Test
	void unequalNumbersAreRefused() {
		partitions(4, 6, 6);
		assertThat(build(LONG).run()).isEqualTo(MillState.FAILED);
		assertThat(failure()).contains("'mill'", "'a' (", "has 4", "'b' (", "has 6", "merge: true")
			.doesNotContain("broadcast");
	}

	@Test
	void aStreamOfOnePartitionBesideOthersIsSaidToBeBroadcast() {
		this.broker.stream("a", 4);
		this.broker.stream("b", 1);
		this.broker.stream("out", 4);
		assertThat(build(LONG).run()).isEqualTo(MillState.FAILED);
		assertThat(failure()).contains("has 4", "has 1", "broadcast: true for 'b'");
	}

	@Test
	void aStreamWithoutPartitionsIsReadWholeByEachLane() {
		this.broker.stream("a", 2);
		this.broker.stream("out", 2);
		in("a", 0).complete(List.of(1, 3));
		in("a", 1).complete(List.of(2, 3));
		this.broker.<Integer>stream("b").complete(List.of(1, 2, 3));
		assertThat(build(LONG).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out(0)).containsExactly(2, 6);
		assertThat(out(1)).containsExactly(4, 6);
	}

	@Test
	void aMasterWithoutPartitionsHasOneLane() {
		this.broker.stream("b", 2);
		assertThat(build(LONG).run()).isEqualTo(MillState.FAILED);
		assertThat(failure()).contains("The master 'a'", "read as a whole", "'b'", "has 2", "merge: true");
	}

	@Test
	void getsMoreLanesWhenAllStreamsHaveMorePartitions() {
		partitions(1, 1, 1);
		build(LONG).start();
		in("a", 0).append(1);
		in("b", 0).append(1);
		await().untilAsserted(() -> assertThat(out(0)).containsExactly(2));
		this.broker.stream("a", 3);
		await().until(() -> this.mill.status().unavailable() != null);
		assertThat(this.mill.status().unavailable()).contains("'a'", "has 3", "has 1");
		in("a", 0).append(2);
		in("b", 0).append(2);
		await().untilAsserted(() -> assertThat(out(0)).containsExactly(2, 4));
		this.broker.stream("out", 3);
		this.broker.stream("b", 3);
		for (int lane = 1; lane < 3; lane++) {
			in("a", lane).append(lane + 10);
			in("b", lane).append(lane + 10);
			int last = lane;
			await().untilAsserted(() -> assertThat(out(last)).containsExactly(2 * last + 20));
		}
		assertThat(this.mill.status().unavailable()).isNull();
		assertThat(this.mill.state()).isEqualTo(MillState.RUNNING);
	}

	@Test
	void failsWhereOneStreamHasMorePartitionsForTooLong() throws InterruptedException {
		partitions(2, 2, 2);
		build(Duration.ofMillis(100)).start();
		await().until(() -> this.mill.state() == MillState.RUNNING);
		this.broker.stream("a", 3);
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		assertThat(failure()).contains("'a'", "has 3", "has 2", "nobody reads");
		this.broker.stream("b", 3);
		this.broker.stream("out", 3);
		this.mill.start();
		await().until(() -> this.mill.status().lanes().size() == 3);
	}

	@Test
	void lanesGoOnWhileAnOutputHasTooFewPartitionsForMore() throws InterruptedException {
		partitions(2, 2, 2);
		build(LONG).start();
		await().until(() -> this.mill.state() == MillState.RUNNING);
		this.broker.stream("a", 3);
		this.broker.stream("b", 3);
		await().until(() -> this.mill.status().outage() != null);
		assertThat(this.mill.status().outage().toString()).contains("out", "2 partitions", "3");
		in("a", 1).append(5);
		in("b", 1).append(5).append(6);
		await().until(() -> out(1).equals(List.of(10)));
		this.broker.stream("out", 3);
		await().until(() -> this.mill.status().lanes().size() == 3);
		await().until(() -> this.mill.status().outage() == null);
	}

	@Test
	void failsWhereAnOutputHasTooFewPartitionsForTooLong() throws InterruptedException {
		partitions(2, 2, 2);
		build(Duration.ofMillis(100)).start();
		await().until(() -> this.mill.state() == MillState.RUNNING);
		this.broker.stream("a", 3);
		this.broker.stream("b", 3);
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		assertThat(failure()).contains("out", "2 partitions", "nobody reads");
	}

	@Test
	void aLaneThatIsDoneWaitsForTheOthersAfterARestart() throws InterruptedException {
		partitions(2, 2, 2);
		in("a", 0).append(1).end();
		in("b", 0).append(1).end();
		build(LONG).start();
		await().until(() -> this.broker.stream("out").partition(0).isEnded());
		this.mill.stop();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		in("a", 0).append(2);
		in("b", 0).append(2);
		in("a", 1).append(5).end();
		in("b", 1).append(5).end();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out(0)).containsExactly(2);
		assertThat(out(1)).containsExactly(10);
		in("a", 0).end();
		in("b", 0).end();
		in("a", 1).append(6).end();
		in("b", 1).append(6).end();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(out(0)).containsExactly(2, 4);
		assertThat(IntStream.range(0, 2)
			.map((lane) -> this.broker.committed(new LaneId("mill", lane)).orElseThrow().run())).containsExactly(2, 2);
	}

	@Test
	void oneFailedLaneLeavesTheOthersAtWork() throws InterruptedException {
		partitions(2, 2, 2);
		in("a", 0).append(2).append(1);
		in("b", 0).append(2);
		build(LONG).start();
		await().until(() -> this.mill.state() == MillState.FAILED);
		in("a", 1).append(5).end();
		in("b", 1).append(5).end();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		assertThat(out(1)).containsExactly(10);
		assertThat(this.mill.state()).isEqualTo(MillState.FAILED);
		assertThat(this.mill.status().lanes()).extracting(MillStatus.Lane::phase)
			.hasExactlyElementsOfTypes(MillPhase.Failed.class, MillPhase.Completed.class);
	}

	@Test
	void aMillThatIsStartedTwiceAfterALaneFailedHasThatLaneOnce() throws InterruptedException {
		partitions(2, 2, 2);
		AtomicBoolean failing = new AtomicBoolean(true);
		MillBuilder builder = Mill.builder("mill")
			.retry(new RetryPolicy(0, Duration.ofMillis(1), Duration.ofMillis(1)))
			.to("out", Integer.class, this.broker);
		Input<Integer> a = builder.from("a", Integer.class, this.broker);
		builder.process((delivery) -> {
			if (failing.get()) {
				throw new IllegalStateException("no");
			}
			return delivery.get(a);
		});
		this.mill = builder.build();
		in("a", 0).append(1);
		in("a", 1).end();
		assertThat(this.mill.run()).isEqualTo(MillState.FAILED);
		failing.set(false);
		this.mill.start();
		this.mill.start();
		await().until(() -> out(0).equals(List.of(1)));
		await().until(() -> this.mill.status().lanes().get(0).phase() instanceof MillPhase.Running);
		this.mill.stop();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		in("a", 0).append(2).end();
		await().during(Duration.ofMillis(200)).until(() -> out(0).equals(List.of(1)));
	}

	@Test
	void aStartThatIsStoppedBeforeLanesAreKnownSaysNothingOfAnEarlierOne() throws InterruptedException {
		partitions(2, 2, 2);
		AtomicBoolean away = new AtomicBoolean();
		FaultyBroker faulty = new FaultyBroker(this.broker, (operation, stream) -> {
			if (operation == FaultyBroker.Operation.COUNT && away.get()) {
				throw new BrokerUnavailableException("away");
			}
		});
		MillBuilder builder = Mill.builder("mill").to("out", Integer.class, this.broker);
		Input<Integer> a = builder.from("a", Integer.class, faulty);
		this.mill = builder.process((delivery) -> delivery.get(a)).build();
		in("a", 0).end();
		in("a", 1).end();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		away.set(true);
		this.mill.start();
		await().until(() -> this.mill.status().unavailable() != null);
		assertThat(this.mill.liveness().activity()).isEqualTo(MillLiveness.Activity.WAITING);
		this.mill.stop();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		assertThat(this.mill.state()).isEqualTo(MillState.STOPPED);
	}

}
