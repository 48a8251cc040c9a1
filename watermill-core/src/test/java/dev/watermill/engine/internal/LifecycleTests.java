package dev.watermill.engine.internal;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

class LifecycleTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final Duration SHORT = Duration.ofSeconds(5);

	private final InMemoryBroker broker = new InMemoryBroker();

	private final List<MillState> states = Collections.synchronizedList(new ArrayList<>());

	private final MillBuilder builder = Mill.builder("mill")
		.to("out", String.class, this.broker)
		.pollTimeout(Duration.ofMinutes(5))
		.listener(new MillListener() {

			@Override
			public void changed(MillState state) {
				LifecycleTests.this.states.add(state);
			}

		});

	private final Input<Integer> master = this.builder.from("a", Integer.class, this.broker);

	private final List<String> threads = Collections.synchronizedList(new ArrayList<>());

	private Mill mill = this.builder.process((delivery) -> {
		this.threads.add(Thread.currentThread().getName());
		return "r" + delivery.get(this.master);
	}).build();

	@AfterEach
	void stop() throws InterruptedException {
		this.mill.stop();
		assertThat(this.mill.awaitEnd(LONG)).isTrue();
	}

	private InMemoryStream<Object> in() {
		return this.broker.stream("a");
	}

	private List<Object> out() {
		InMemoryStream<Object> out = this.broker.stream("out");
		return out.elements();
	}

	private void startAndAwait(Object... results) {
		this.mill.start();
		await().untilAsserted(() -> assertThat(out()).containsExactly(results));
	}

	private void stopAndAwait() throws InterruptedException {
		this.mill.stop();
		assertThat(this.mill.awaitEnd(SHORT)).isTrue();
		assertThat(this.mill.state()).isEqualTo(MillState.STOPPED);
	}

	@Test
	void isStoppedBeforeItIsStarted() throws InterruptedException {
		assertThat(this.mill.state()).isEqualTo(MillState.STOPPED);
		assertThat(this.mill.awaitEnd(Duration.ZERO)).isTrue();
		this.mill.stop();
		this.mill.pause();
		this.mill.resume();
		assertThat(this.states).isEmpty();
	}

	@Test
	void runsOnAThreadThatTellsMillAndLane() {
		in().append(1);
		startAndAwait("r1");
		assertThat(this.threads).containsExactly("mill-0");
	}

	@Test
	void runsOnTheThreadOfTheCaller() {
		in().append(1).end();
		assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.threads).containsExactly(Thread.currentThread().getName());
		assertThat(this.states).containsExactly(MillState.STARTING, MillState.RUNNING, MillState.COMPLETED);
	}

	@Test
	void canNotRunTwiceAtATime() {
		startAndAwait();
		assertThatIllegalStateException().isThrownBy(this.mill::run).withMessageContaining("'mill'");
		assertThatIllegalStateException().isThrownBy(this.mill::reset).withMessageContaining("'mill'");
		this.mill.start();
		await().until(() -> this.mill.state() == MillState.RUNNING);
		assertThat(this.states).containsExactly(MillState.STARTING, MillState.RUNNING);
	}

	@Test
	void stopsPromptlyWhileItWaitsAndGoesOnWhereItWas() throws InterruptedException {
		in().append(1);
		startAndAwait("r1");
		stopAndAwait();
		in().append(2);
		assertThat(out()).containsExactly("r1");
		startAndAwait("r1", "r2");
		assertThat(this.threads).hasSize(2);
		stopAndAwait();
		await().untilAsserted(() -> assertThat(this.states).containsExactly(MillState.STARTING, MillState.RUNNING,
				MillState.STOPPED, MillState.STARTING, MillState.RUNNING, MillState.STOPPED));
	}

	@Test
	void startsAgainWhenItIsStartedWhileItStops() throws InterruptedException {
		for (int i = 0; i < 200; i++) {
			this.mill.start();
			this.mill.stop();
		}
		this.mill.start();
		in().append(1);
		await().untilAsserted(() -> assertThat(out()).containsExactly("r1"));
		this.mill.stop();
		this.mill.start();
		this.mill.stop();
		assertThat(this.mill.awaitEnd(SHORT)).isTrue();
		await().during(Duration.ofMillis(200)).until(() -> this.mill.state() == MillState.STOPPED);
	}

	@Test
	void pausesWhileItWaitsAndResumes() {
		in().append(1);
		startAndAwait("r1");
		this.mill.pause();
		await().atMost(SHORT).until(() -> this.mill.state() == MillState.PAUSED);
		in().append(2);
		await().during(Duration.ofMillis(300)).until(() -> out().size() == 1);
		this.mill.resume();
		await().atMost(SHORT).until(() -> out().size() == 2);
		assertThat(this.mill.state()).isEqualTo(MillState.RUNNING);
	}

	@Test
	void commitsBeforeItPauses() {
		in().append(1);
		startAndAwait("r1");
		this.mill.pause();
		await().until(() -> this.mill.state() == MillState.PAUSED);
		assertThat(this.broker.committed(new LaneId("mill", 0))).get()
			.satisfies((checkpoint) -> assertThat(checkpoint.inputs().get("a").position().number("offset")).isOne());
	}

	@Test
	void stopsWhilePaused() throws InterruptedException {
		startAndAwait();
		this.mill.pause();
		await().until(() -> this.mill.state() == MillState.PAUSED);
		stopAndAwait();
	}

	@Test
	void aPauseDoesNotTakeAStopBack() throws InterruptedException {
		CountDownLatch inside = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		this.mill = this.builder.process((delivery) -> {
			inside.countDown();
			go.await(20, TimeUnit.SECONDS);
			return "r";
		}).build();
		in().append(1);
		this.mill.start();
		assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
		this.mill.stop();
		this.mill.pause();
		this.mill.resume();
		go.countDown();
		assertThat(this.mill.awaitEnd(SHORT)).isTrue();
		assertThat(this.mill.state()).isEqualTo(MillState.STOPPED);
		assertThat(out()).containsExactly("r");
	}

	@Test
	void resetsToTheBeginning() throws InterruptedException {
		in().append(1);
		startAndAwait("r1");
		stopAndAwait();
		assertThat(this.mill.lanes()).hasSize(1);
		this.mill.reset();
		assertThat(this.mill.lanes()).isEmpty();
		in().append(2);
		startAndAwait("r1", "r2");
		assertThat(this.threads).hasSize(3);
	}

	@Test
	void canBeStartedAndResetByWhoeverSeesItsEnd() throws InterruptedException {
		in().append(1).end();
		for (int i = 0; i < 300; i++) {
			this.mill.start();
			assertThat(this.mill.awaitEnd(LONG)).isTrue();
			this.mill.reset();
			assertThat(this.mill.run()).isEqualTo(MillState.COMPLETED);
		}
		assertThat(this.threads).hasSize(600);
	}

	@Test
	void canBeStartedByTheListenerThatIsToldOfItsEnd() {
		AtomicReference<Mill> started = new AtomicReference<>();
		List<MillState> told = Collections.synchronizedList(new ArrayList<>());
		this.builder.listener(new MillListener() {

			@Override
			public void changed(MillState state) {
				told.add(state);
				if (state == MillState.COMPLETED && told.size() == 3) {
					started.get().start();
				}
			}

		});
		in().append(1).end();
		this.mill = this.builder.build();
		started.set(this.mill);
		this.mill.start();
		await().until(() -> told.size() == 6);
		assertThat(told).endsWith(MillState.STARTING, MillState.RUNNING, MillState.COMPLETED);
	}

	@Test
	void saysWhatItWaitsForBeforeItIsStarted() {
		this.mill.waitFor("mill 'other'");
		assertThat(this.mill.state()).isEqualTo(MillState.STARTING);
		assertThat(this.mill.status().detail()).isEqualTo("mill 'other'");
		this.mill.stop();
		assertThat(this.mill.state()).isEqualTo(MillState.STOPPED);
		in().append(1);
		startAndAwait("r1");
		assertThat(this.mill.status().detail()).isNull();
	}

	@Test
	void tellsItsLag() {
		in().appendAll(List.of(1, 2, 3));
		startAndAwait("r1", "r2", "r3");
		await().until(() -> this.mill.lags().containsKey("a"));
		assertThat(this.mill.lags()).containsEntry("a", 0L);
	}

	@Test
	void anInterruptedCallerDoesNotHang() {
		Thread.currentThread().interrupt();
		assertThat(this.mill.run()).isIn(MillState.STOPPED, MillState.FAILED);
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void takesNothingOverFromTheThreadThatStartsIt() throws InterruptedException {
		InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
		AtomicReference<String> seen = new AtomicReference<>("nobody asked");
		AtomicReference<ClassLoader> loader = new AtomicReference<>();
		AtomicReference<Thread> worker = new AtomicReference<>();
		ClassLoader builders = Thread.currentThread().getContextClassLoader();
		Mill built = this.builder.process((delivery) -> {
			seen.set(user.get());
			loader.set(Thread.currentThread().getContextClassLoader());
			worker.set(Thread.currentThread());
			return null;
		}).build();
		in().complete(List.of(1));
		Thread operator = new Thread(() -> {
			user.set("an operator");
			built.start();
		});
		operator.setContextClassLoader(new URLClassLoader(new URL[0], builders));
		operator.setDaemon(true);
		operator.setPriority(Thread.MIN_PRIORITY);
		operator.start();
		operator.join();
		await().until(() -> built.state() == MillState.COMPLETED);
		assertThat(seen).hasNullValue();
		assertThat(loader).hasValue(builders);
		assertThat(worker.get().isDaemon()).isFalse();
		assertThat(worker.get().getPriority()).isEqualTo(Thread.NORM_PRIORITY);
	}

	@Test
	void isNotStartedWhereAListenerObjects() throws InterruptedException {
		AtomicBoolean closing = new AtomicBoolean(true);
		Mill guarded = this.builder.listener(new MillListener() {

			@Override
			public void starting() {
				if (closing.get()) {
					throw new IllegalStateException("the application is closing");
				}
			}

		}).build();
		assertThatIllegalStateException().isThrownBy(guarded::start).withMessage("the application is closing");
		assertThatIllegalStateException().isThrownBy(guarded::run).withMessage("the application is closing");
		assertThat(guarded.state()).isEqualTo(MillState.STOPPED);
		closing.set(false);
		guarded.start();
		await().until(() -> guarded.state() == MillState.RUNNING);
		closing.set(true);
		// one that is about to stop would start again
		guarded.stop();
		try {
			guarded.start();
		}
		catch (IllegalStateException ex) {
			assertThat(ex).hasMessage("the application is closing");
		}
		assertThat(guarded.awaitEnd(LONG)).isTrue();
		assertThat(guarded.state()).isEqualTo(MillState.STOPPED);
	}

	@Test
	void interruptsTheFunctionAndCommitsNothingOnceAborted() throws InterruptedException {
		assertThat(abortWhileAtWork(true)).isEmpty();
		startAndAwait("r1", "r2");
	}

	@Test
	void commitsNothingOnceAbortedThoughTheFunctionReturns() throws InterruptedException {
		assertThat(abortWhileAtWork(false)).isEmpty();
		startAndAwait("r1", "r2");
	}

	/**
	 * Return what was written by a mill that was aborted while its function was at the
	 * first element.
	 * @param heeds whether the function ends when it is interrupted
	 */
	private List<Object> abortWhileAtWork(boolean heeds) throws InterruptedException {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch leave = new CountDownLatch(1);
		Mill working = this.builder.process((delivery) -> {
			entered.countDown();
			boolean interrupted = false;
			while (leave.getCount() > 0) {
				try {
					leave.await();
				}
				catch (InterruptedException ex) {
					if (heeds) {
						throw ex;
					}
					interrupted = true;
					leave.countDown();
				}
			}
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
			return "r" + delivery.get(this.master);
		}).build();
		this.mill = working;
		in().appendAll(List.of(1, 2));
		working.start();
		assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
		working.abort();
		assertThat(working.awaitEnd(LONG)).isTrue();
		assertThat(working.state()).isEqualTo(MillState.STOPPED);
		List<Object> written = List.copyOf(out());
		leave.countDown();
		return written;
	}

}
