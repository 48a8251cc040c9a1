package dev.watermill.spring.mill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextRefreshedEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Mills live within the lives of the beans they use, whoever starts them.
 */
class MillOrderTests {

	private static final int ELEMENTS = 2000;

	@TempDir
	Path directory;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		String lines = IntStream.range(0, ELEMENTS)
			.mapToObj((time) -> "{\"time\":" + time + "}\n")
			.collect(Collectors.joining());
		Path in = MillsRunner.write(this.directory.resolve("a.jsonl"), lines);
		this.runner = MillsRunner.runner(this.directory)
			.withPropertyValues("watermill.streams.a.file=" + in,
					"watermill.streams.b.file=" + this.directory.resolve("b.jsonl"));
	}

	@ParameterizedTest
	@ValueSource(classes = { Injected.class, AsArgument.class, Provided.class, Indirect.class, LookedUp.class })
	void worksOnlyWhileTheClientOfItsProcessorRuns(Class<?> processor) {
		AtomicReference<Client> client = new AtomicReference<>();
		this.runner = this.runner.withPropertyValues("watermill.mills.first.on-error=skip")
			.withUserConfiguration(processor, Clients.class);
		this.runner.run((context) -> {
			client.set(context.getBean(Client.class));
			await().until(() -> client.get().calls.get() > 10);
		});
		assertThat(client.get().callsWhileStopped).hasValue(0);
		// and again, from the commit on, to the end
		this.runner.run((context) -> {
			Mill mill = MillsRunner.await(context, "first");
			assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
			assertThat(context.getBean(Client.class).callsWhileStopped).hasValue(0);
			assertThat(mill.counters().skippedDeliveries().get()).isZero();
		});
		assertThat(MillsRunner.read(this.directory.resolve("b.jsonl")).lines()).hasSize(ELEMENTS);
	}

	@Test
	void letsWhatNeedsTheMillsStartAfterThemAndStopBefore() {
		this.runner.withUserConfiguration(Injected.class, Clients.class, Monitors.class).run((context) -> {
			MillMonitor monitor = context.getBean(MillMonitor.class);
			assertThat(monitor.millsAtStart).isTrue();
			context.close();
			assertThat(monitor.millsAtStop).isTrue();
		});
	}

	@Test
	void startsNoMillWhileItsApplicationStops() {
		this.runner.withUserConfiguration(Injected.class, Clients.class, Blocked.class)
			.withPropertyValues("watermill.mills.first.auto-startup=false",
					"watermill.streams.c.file=" + this.directory.resolve("c.jsonl"))
			.run((context) -> {
				Gate gate = context.getBean(Gate.class);
				assertThat(gate.entered.await(20, TimeUnit.SECONDS)).isTrue();
				Mill first = MillsRunner.mill(context, "first");
				Thread closing = new Thread(context::close);
				closing.start();
				await().until(() -> refuses(first));
				assertThatIllegalStateException().isThrownBy(first::start)
					.withMessage("The mill 'first' can't start: its application closes.");
				gate.leave.countDown();
				closing.join(20_000);
				assertThat(closing.isAlive()).isFalse();
				assertThatIllegalStateException().isThrownBy(first::start);
				assertThat(first.state()).isEqualTo(MillState.STOPPED);
			});
	}

	private static boolean refuses(Mill mill) {
		try {
			mill.start();
			mill.stop();
			return false;
		}
		catch (IllegalStateException ex) {
			return true;
		}
	}

	@Test
	void stopsAMillThatWasStartedByHandInAStoppedContext() {
		AtomicReference<Mill> mill = new AtomicReference<>();
		AtomicReference<Client> client = new AtomicReference<>();
		this.runner.withUserConfiguration(Injected.class, Clients.class).run((context) -> {
			client.set(context.getBean(Client.class));
			mill.set(MillsRunner.mill(context, "first"));
			context.stop();
			client.get().start();
			int before = client.get().calls.get();
			mill.get().start();
			await().until(() -> client.get().calls.get() > before);
		});
		assertThat(mill.get().state()).isEqualTo(MillState.STOPPED);
		assertThat(client.get().callsWhileDestroyed).hasValue(0);
	}

	@Test
	void stopsItsMillsWhenTheRefreshFailsAfterTheyStarted() {
		this.runner.withUserConfiguration(Injected.class, Clients.class, Failing.class).run((context) -> {
			assertThat(context).hasFailed();
			Failing failing = Failing.last.get();
			assertThat(failing.mill.state()).isEqualTo(MillState.STOPPED);
			assertThat(failing.client.calls.get()).isPositive();
			assertThat(failing.client.callsWhileStopped).hasValue(0);
			assertThat(failing.client.callsWhileDestroyed).hasValue(0);
		});
	}

	@Test
	void interruptsAFunctionThatDoesNotReturnInTimeAndCommitsNothingOfIt() {
		AtomicReference<Mill> mill = new AtomicReference<>();
		this.runner.withUserConfiguration(Hanging.class)
			.withBean("lifecycleProperties", LifecycleProperties.class, () -> {
				LifecycleProperties properties = new LifecycleProperties();
				properties.setTimeoutPerShutdownPhase(Duration.ofMillis(300));
				return properties;
			})
			.withPropertyValues("watermill.streams.d.file=" + this.directory.resolve("d.jsonl"))
			.run((context) -> {
				mill.set(MillsRunner.mill(context, "hanging"));
				Gate gate = context.getBean(Gate.class);
				assertThat(gate.entered.await(20, TimeUnit.SECONDS)).isTrue();
			});
		assertThat(mill.get().state()).isEqualTo(MillState.STOPPED);
		// the first element was done before; the one that hung is repeated
		assertThat(MillsRunner.read(this.directory.resolve("d.jsonl")).lines().count()).isLessThanOrEqualTo(1);
	}

	@Test
	void doesNotWaitForAFunctionThatClosesItsOwnApplication() {
		AtomicReference<Mill> mill = new AtomicReference<>();
		this.runner.withUserConfiguration(Closing.class)
			.withBean("lifecycleProperties", LifecycleProperties.class, () -> {
				LifecycleProperties properties = new LifecycleProperties();
				properties.setTimeoutPerShutdownPhase(Duration.ofMinutes(1));
				return properties;
			})
			.withBean(Gate.class)
			.run((context) -> {
				mill.set(MillsRunner.mill(context, "first"));
				assertThat(context.getBean(Gate.class).entered.await(20, TimeUnit.SECONDS)).as("closed").isTrue();
			});
		await().until(() -> mill.get().state() == MillState.STOPPED);
		assertThat(mill.get().status().lastError()).isNull();
		this.runner.withUserConfiguration(Injected.class, Clients.class)
			.run((context) -> assertThat(MillsRunner.await(context, "first").state()).isEqualTo(MillState.COMPLETED));
		assertThat(MillsRunner.read(this.directory.resolve("b.jsonl")).lines()).hasSize(ELEMENTS);
	}

	static class Clients {

		@Bean
		Client client() {
			return new Client();
		}

		@Bean
		Service service(Client client) {
			return new Service(client);
		}

	}

	/**
	 * A client as of a database: it can be used while it runs.
	 */
	static class Client implements SmartLifecycle, DisposableBean {

		final AtomicInteger calls = new AtomicInteger();

		final AtomicInteger callsWhileStopped = new AtomicInteger();

		final AtomicInteger callsWhileDestroyed = new AtomicInteger();

		private volatile boolean running;

		private volatile boolean destroyed;

		void call() {
			this.calls.incrementAndGet();
			if (this.destroyed) {
				this.callsWhileDestroyed.incrementAndGet();
			}
			if (!this.running) {
				this.callsWhileStopped.incrementAndGet();
				throw new IllegalStateException("not running");
			}
			// so that it is at work for a while
			LockSupport.parkNanos(200_000);
		}

		@Override
		public void start() {
			// what starts slowly is used too early most surely
			LockSupport.parkNanos(50_000_000);
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public void destroy() {
			this.destroyed = true;
		}

	}

	record Service(Client client) {

	}

	@WaterMillProcessor("first")
	static class Injected {

		private final Client client;

		Injected(Client client) {
			this.client = client;
		}

		@ToStream("b")
		A function(A a) {
			this.client.call();
			return a;
		}

	}

	@WaterMillProcessor("first")
	static class AsArgument {

		@ToStream("b")
		A function(A a, Client client) {
			client.call();
			return a;
		}

	}

	@WaterMillProcessor("first")
	static class Provided {

		@ToStream("b")
		A function(A a, ObjectProvider<Client> client) {
			client.getObject().call();
			return a;
		}

	}

	@WaterMillProcessor("first")
	static class Indirect {

		@ToStream("b")
		A function(A a, Service service) {
			service.client().call();
			return a;
		}

	}

	@WaterMillProcessor("first")
	static class LookedUp {

		private final BeanFactory beans;

		LookedUp(BeanFactory beans) {
			this.beans = beans;
		}

		@ToStream("b")
		A function(A a) {
			this.beans.getBean(Client.class).call();
			return a;
		}

	}

	static class Monitors {

		@Bean
		MillMonitor monitor(Mills mills) {
			return new MillMonitor(mills);
		}

	}

	static class MillMonitor implements SmartLifecycle {

		private final Mills mills;

		boolean millsAtStart;

		boolean millsAtStop;

		private boolean running;

		MillMonitor(Mills mills) {
			this.mills = mills;
		}

		private boolean atWork() {
			return this.mills.all()
				.stream()
				.anyMatch((mill) -> mill.state() == MillState.STARTING || mill.state() == MillState.RUNNING);
		}

		@Override
		public void start() {
			this.running = true;
			this.millsAtStart = atWork();
		}

		@Override
		public void stop() {
			this.running = false;
			this.millsAtStop = atWork();
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

	@WaterMillProcessor("blocked")
	static class Blocked {

		@Bean
		static Gate gate() {
			return new Gate();
		}

		@ToStream("c")
		A function(A a, Gate gate) throws InterruptedException {
			gate.entered.countDown();
			gate.leave.await();
			return a;
		}

	}

	@WaterMillProcessor("first")
	static class Closing {

		@ToStream("b")
		A function(A a, Gate gate, ConfigurableApplicationContext context) {
			if (a.time() == 1) {
				context.close();
				assertThat(Thread.currentThread().isInterrupted()).isFalse();
				gate.entered.countDown();
			}
			return a;
		}

	}

	@WaterMillProcessor("hanging")
	static class Hanging {

		@Bean
		static Gate gate() {
			return new Gate();
		}

		@ToStream("d")
		A function(A a, Gate gate) {
			if (a.time() > 0) {
				gate.entered.countDown();
				boolean interrupted = false;
				while (!interrupted) {
					interrupted = Thread.interrupted();
					Thread.onSpinWait();
				}
			}
			return a;
		}

	}

	static class Gate {

		final CountDownLatch entered = new CountDownLatch(1);

		final CountDownLatch leave = new CountDownLatch(1);

	}

	/**
	 * Fails the refresh once mills are at work.
	 */
	static class Failing implements ApplicationListener<ContextRefreshedEvent> {

		static final AtomicReference<Failing> last = new AtomicReference<>();

		Mill mill;

		Client client;

		@Override
		public void onApplicationEvent(ContextRefreshedEvent event) {
			ConfigurableApplicationContext context = (ConfigurableApplicationContext) event.getApplicationContext();
			this.mill = context.getBean(Mills.class).get("first");
			this.client = context.getBean(Client.class);
			last.set(this);
			await().until(() -> this.client.calls.get() > 10);
			throw new IllegalStateException("refused");
		}

	}

	record A(long time) {

	}

}
