package dev.watermill.engine.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.watermill.FaultyBroker;
import dev.watermill.FaultyBroker.Operation;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RestartPolicy;
import dev.watermill.engine.RetryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Mills that failed, and are started again by themselves.
 */
class RestartTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final Duration SHORT = Duration.ofMillis(1);

	@TempDir
	private Path directory;

	private final InMemoryBroker broker = new InMemoryBroker();

	private FaultyBroker.Faults faults = (operation, stream) -> {
	};

	private final List<Integer> called = Collections.synchronizedList(new ArrayList<>());

	private final Set<Integer> failing = ConcurrentHashMap.newKeySet();

	/** How often a call fails from now on. */
	private final AtomicInteger failures = new AtomicInteger(Integer.MAX_VALUE);

	private final List<MillState> states = Collections.synchronizedList(new ArrayList<>());

	private final AtomicLong now = new AtomicLong();

	private MillBuilder builder;

	private Mill mill;

	@AfterEach
	void stop() throws InterruptedException {
		if (this.mill != null) {
			this.mill.stop();
			assertThat(this.mill.awaitEnd(LONG)).isTrue();
		}
	}

	private Mill build(int maxRestarts, Duration delay) {
		FaultyBroker faulty = new FaultyBroker(this.broker,
				(operation, stream) -> this.faults.before(operation, stream));
		this.builder = Mill.builder("mill")
			.to("out", String.class, faulty)
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
			.commitInterval(Duration.ofMillis(5))
			.clock(Clock.systemUTC(), this.now::get)
			.restart(new RestartPolicy(maxRestarts, delay, delay))
			.listener(new MillListener() {

				@Override
				public void changed(MillState state) {
					RestartTests.this.states.add(state);
				}

			});
		Input<Integer> in = this.builder.from("in", Integer.class, faulty);
		this.builder.process((delivery) -> {
			int value = delivery.get(in);
			this.called.add(value);
			if (this.failing.contains(value) && this.failures.getAndDecrement() > 0) {
				throw new IllegalStateException("no " + value);
			}
			return "r" + value;
		});
		this.mill = this.builder.build();
		return this.mill;
	}

	private List<Object> out(int partition) {
		return this.broker.stream("out").partition(partition).elements();
	}

	private void append(Integer... elements) {
		this.broker.stream("in").appendAll(List.of(elements)).end();
	}

	private MillPhase phase() {
		return this.mill.status().phase();
	}

	@Test
	void goesOnWhereItFailed() {
		append(1, 2, 3);
		this.failing.add(2);
		this.failures.set(2);
		assertThat(build(2, SHORT).run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 2, 2, 2, 3);
		assertThat(out(0)).containsExactly("r1", "r2", "r3");
		assertThat(this.mill.counters().restarts().get()).isEqualTo(2);
		assertThat(this.states).containsExactly(MillState.STARTING, MillState.RUNNING, MillState.FAILED,
				MillState.RUNNING, MillState.FAILED, MillState.RUNNING, MillState.COMPLETED);
		assertThat(this.mill.status().lastError().message()).contains("no 2");
	}

	@Test
	void isLeftAloneAfterTheLastRestart() {
		append(1, 2, 3);
		this.failing.add(2);
		assertThat(build(2, SHORT).run()).isEqualTo(MillState.FAILED);
		assertThat(this.called).containsExactly(1, 2, 2, 2);
		assertThat(phase()).isInstanceOf(MillPhase.Failed.class);
		assertThat(this.mill.status().lastError().message()).contains("no 2");
		assertThat(out(0)).containsExactly("r1");
		// whoever starts it by hand has all restarts again
		this.called.clear();
		assertThat(this.mill.run()).isEqualTo(MillState.FAILED);
		assertThat(this.called).containsExactly(2, 2, 2);
	}

	@Test
	void isNotStartedAgainUnlessThatIsSet() {
		append(1);
		this.failing.add(1);
		build(0, SHORT);
		assertThat(this.mill.run()).isEqualTo(MillState.FAILED);
		assertThat(this.called).containsExactly(1);
		assertThat(RestartPolicy.NEVER.maxRestarts()).isZero();
	}

	@Test
	void countsAnewOnceSomethingIsCommitted() {
		append(1, 2, 3, 4);
		this.failing.addAll(List.of(2, 3, 4));
		build(1, SHORT);
		this.builder.errorHandler((failed) -> {
			this.failing.remove(failed.elements().get(0));
			return null;
		});
		this.mill = this.builder.build();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 2, 2, 3, 3, 4, 4);
		assertThat(this.mill.counters().restarts().get()).isEqualTo(3);
	}

	@Test
	void countsAnewOnceItDidNotFailForAnHour() {
		append(1);
		this.failing.add(1);
		build(1, SHORT);
		this.builder.errorHandler((failed) -> {
			if (this.called.size() < 5) {
				this.now.addAndGet(Duration.ofHours(1).toNanos());
			}
			return null;
		});
		this.mill = this.builder.build();
		assertThat(this.mill.run()).isEqualTo(MillState.FAILED);
		assertThat(this.called).hasSize(5);
	}

	@Test
	void saysWhenItIsStartedAgainAndStopsMeanwhile() throws InterruptedException {
		append(1);
		this.failing.add(1);
		build(3, Duration.ofHours(1)).start();
		await().until(() -> phase() instanceof MillPhase.Restarting);
		assertThat(this.mill.state()).isEqualTo(MillState.FAILED);
		assertThat(phase().isAtWork()).isTrue();
		assertThat(this.mill.status().detail()).matches("it is started again at \\S+Z, restart 1 of 3");
		assertThat(this.mill.status().lanes().get(0).failure()).hasRootCauseMessage("no 1");
		this.mill.stop();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		assertThat(phase()).isInstanceOf(MillPhase.Stopped.class);
		assertThat(this.mill.status().lastError().message()).contains("no 1");
		assertThat(this.mill.counters().restarts().get()).isZero();
	}

	@Test
	void isStartedAtOnceByWhoeverDoesNotWantToWait() {
		append(1);
		this.failing.add(1);
		build(3, Duration.ofHours(1)).start();
		await().until(() -> phase() instanceof MillPhase.Restarting);
		this.failing.clear();
		this.mill.start();
		await().until(() -> this.mill.state() == MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 1);
	}

	@Test
	void pausesWhenItIsStartedAgainIfItIsToldTo() {
		append(1);
		this.failing.add(1);
		build(3, Duration.ofHours(1)).start();
		await().until(() -> phase() instanceof MillPhase.Restarting);
		this.mill.pause();
		this.mill.start();
		await().until(() -> this.mill.state() == MillState.PAUSED);
		this.failing.clear();
		this.mill.resume();
		await().until(() -> this.mill.state() == MillState.COMPLETED);
	}

	@Test
	void isNotStartedAgainAfterAnErrorThatStopsIt() {
		append(1);
		build(3, SHORT);
		this.builder.process((delivery) -> {
			this.called.add(1);
			throw new OutOfMemoryError("too much");
		});
		this.mill = this.builder.build();
		assertThat(this.mill.run()).isEqualTo(MillState.FAILED);
		assertThat(this.called).containsExactly(1);
	}

	@Test
	void recoversOfABrokerThatRefusedACommit() {
		append(1, 2, 3);
		AtomicInteger commits = new AtomicInteger();
		this.faults = (operation, stream) -> {
			int number = (operation == Operation.COMMIT) ? commits.incrementAndGet() : 0;
			if (number > 1 && number < 4) {
				throw new BrokerException("no space left on device");
			}
		};
		assertThat(build(2, SHORT).run()).isEqualTo(MillState.COMPLETED);
		assertThat(out(0)).containsExactly("r1", "r2", "r3");
		assertThat(this.mill.counters().restarts().get()).isEqualTo(2);
	}

	@Test
	void goesOnOnceItsInputFileIsRepaired() throws IOException, InterruptedException {
		Path input = this.directory.resolve("in.jsonl");
		Path output = this.directory.resolve("out.jsonl");
		Files.writeString(input, "{\"id\":1}\n{\"id\":2\n{\"id\":3}\n");
		this.mill = FileMill.copy(input, output, FileMill.FILES, (element) -> element)
			.restart(new RestartPolicy(100_000, SHORT, Duration.ofMillis(20)))
			.build();
		this.mill.start();
		await().until(() -> this.mill.counters().restarts().get() > 1);
		assertThat(FileMill.problem(this.mill)).contains("in.jsonl:2");
		Files.writeString(input, "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		assertThat(this.mill.state()).isEqualTo(MillState.COMPLETED);
		assertThat(output).hasContent("{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
	}

	@Test
	void isStartedAgainAlthoughItDidNotKnowItsLanesYet() {
		append(1);
		AtomicInteger counts = new AtomicInteger();
		this.faults = (operation, stream) -> {
			if (operation == Operation.COUNT && counts.getAndIncrement() < 2) {
				throw new BrokerException("not authorized");
			}
		};
		assertThat(build(2, SHORT).run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.mill.counters().restarts().get()).isEqualTo(2);
		assertThat(this.states).containsExactly(MillState.STARTING, MillState.FAILED, MillState.FAILED,
				MillState.RUNNING, MillState.COMPLETED);
	}

	@Test
	void isLeftAloneIfItNeverKnowsItsLanes() {
		this.faults = (operation, stream) -> {
			if (operation == Operation.COUNT) {
				throw new BrokerException("not authorized");
			}
		};
		assertThat(build(2, SHORT).run()).isEqualTo(MillState.FAILED);
		assertThat(this.mill.counters().restarts().get()).isEqualTo(2);
		assertThat(phase()).isInstanceOf(MillPhase.Failed.class);
	}

	@Test
	void doesWhatItIsToldWhileItDoesNotKnowItsLanes() throws InterruptedException {
		append(1);
		this.faults = (operation, stream) -> {
			if (operation == Operation.COUNT) {
				throw new BrokerException("not authorized");
			}
		};
		build(5, Duration.ofHours(1)).start();
		await().until(() -> phase() instanceof MillPhase.Restarting);
		this.mill.start();
		await().until(() -> phase() instanceof MillPhase.Restarting again && again.restart() == 2);
		this.mill.stop();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		assertThat(phase()).isInstanceOf(MillPhase.Stopped.class);
		this.faults = (operation, stream) -> {
		};
		this.mill.start();
		await().until(() -> this.mill.state() == MillState.COMPLETED);
		assertThat(out(0)).containsExactly("r1");
	}

	@Test
	void failsWhereItsCallersThreadIsInterruptedMeanwhile() throws InterruptedException {
		append(1);
		this.failing.add(1);
		build(5, Duration.ofHours(1));
		AtomicInteger interrupted = new AtomicInteger();
		Thread caller = new Thread(() -> {
			this.mill.run();
			interrupted.set(Thread.interrupted() ? 1 : 2);
		});
		caller.start();
		await().until(() -> phase() instanceof MillPhase.Restarting);
		caller.interrupt();
		caller.join(LONG.toMillis());
		assertThat(interrupted).hasValue(1);
		assertThat(phase()).isInstanceOf(MillPhase.Failed.class);
		assertThat(this.called).containsExactly(1);
	}

	@Test
	void aLaneIsTakenUpAgainWhileTheOthersGoOn() throws InterruptedException {
		this.broker.stream("in", 2);
		this.broker.stream("out", 2);
		this.failing.add(1);
		this.broker.<Integer>stream("in").partition(0).append(1).append(2);
		build(9, Duration.ofHours(1)).start();
		await().until(() -> this.mill.state() == MillState.FAILED);
		assertThat(phase()).isInstanceOfSatisfying(MillPhase.LaneFailed.class,
				(failed) -> assertThat(failed.next()).isNotNull());
		assertThat(this.mill.status().detail())
			.matches("lane 0 failed, the others go on; it is started again at \\S+Z, restart 1 of 9");
		this.broker.<Integer>stream("in").partition(1).append(11).end();
		await().until(() -> out(1).equals(List.of("r11")));
		this.failing.clear();
		this.mill.start();
		await().until(() -> out(0).equals(List.of("r1", "r2")));
		assertThat(this.mill.state()).isEqualTo(MillState.RUNNING);
		this.broker.<Integer>stream("in").partition(0).end();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
		assertThat(this.mill.state()).isEqualTo(MillState.COMPLETED);
	}

	@Test
	void aLaneThatIsSharedStaysWhereItFailed() {
		this.broker.stream("in", 2);
		this.broker.stream("out", 2);
		this.broker.coordinator();
		this.failing.add(1);
		this.failures.set(2);
		build(9, SHORT).start();
		this.broker.<Integer>stream("in").partition(0).append(1);
		this.broker.<Integer>stream("in").partition(1).append(11);
		await().until(() -> out(0).equals(List.of("r1")) && out(1).equals(List.of("r11")));
		await().until(() -> this.mill.state() == MillState.RUNNING);
		assertThat(this.mill.counters().restarts().get()).isEqualTo(2);
	}

	@Test
	void waitsTwiceAsLongEachTimeUpToTheLongest() {
		RestartPolicy policy = new RestartPolicy(9, Duration.ofSeconds(10), Duration.ofMinutes(5));
		assertThat(Stream.of(1, 2, 5, 6, 100, Integer.MAX_VALUE).map(policy::pauseBefore).map(Duration::toSeconds))
			.containsExactly(10L, 20L, 160L, 300L, 300L, 300L);
	}

	@Test
	void refusesWhatMakesNoSense() {
		assertThatIllegalArgumentException().isThrownBy(() -> new RestartPolicy(-1, SHORT, SHORT));
		assertThatIllegalArgumentException().isThrownBy(() -> new RestartPolicy(1, Duration.ZERO, SHORT));
		assertThatIllegalArgumentException().isThrownBy(() -> new RestartPolicy(1, LONG, SHORT));
		assertThatIllegalArgumentException().isThrownBy(() -> new RestartPolicy(1, SHORT, Duration.ofDays(36_501)));
	}

}
