package dev.watermill.spring.mill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.NestedExceptionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application that comes and goes in every way, again and again, with mills at work.
 * {@code -Drestarts=500 -Drestarts.seed=...} for a longer run.
 */
class MillRestartTests {

	private static final int RESTARTS = Integer.getInteger("restarts", 30);

	private static final long SEED = Long.getLong("restarts.seed", System.nanoTime());

	/** How many elements are there for each restart. */
	private static final int EACH = 300;

	@TempDir
	Path directory;

	private final Random random = new Random(SEED);

	private final List<Client> clients = new ArrayList<>();

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		String lines = IntStream.range(0, RESTARTS * EACH)
			.mapToObj((time) -> "{\"time\":" + time + "}\n")
			.collect(Collectors.joining());
		Path in = MillsRunner.write(this.directory.resolve("a.jsonl"), lines);
		this.runner = MillsRunner.runner(this.directory)
			.withPropertyValues("watermill.streams.a.file=" + in,
					"watermill.streams.b.file=" + this.directory.resolve("b.jsonl"),
					"watermill.streams.c.file=" + this.directory.resolve("c.jsonl"),
					"watermill.mills.first.on-error=skip", "watermill.mills.second.on-error=skip",
					"watermill.mills.first.commit-interval=5ms")
			.withUserConfiguration(First.class, Second.class);
	}

	@Test
	@Timeout(1800)
	void keepsEveryDeliveryWithinTheLivesOfItsBeans() {
		for (int i = 0; i < RESTARTS; i++) {
			int restart = i;
			Ending ending = Ending.values()[this.random.nextInt(Ending.values().length)];
			int after = this.random.nextInt(60);
			Client client = new Client();
			this.clients.add(client);
			ApplicationContextRunner application = ending.prepare(
					this.runner.withBean("client", Client.class, () -> client), client, after, this.random.nextInt());
			application.run((context) -> {
				if (context.getStartupFailure() == null) {
					ending.end(context.getSourceApplicationContext(), client, after);
				}
				else {
					assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
						.hasMessageContaining("refused");
				}
			});
			check(restart, ending, client);
		}
		Client last = new Client();
		this.runner.withBean("client", Client.class, () -> last).run((context) -> {
			for (String mill : List.of("first", "second")) {
				assertThat(MillsRunner.await(context, mill).state()).isEqualTo(MillState.COMPLETED);
			}
		});
		List<String> expected = MillsRunner.read(this.directory.resolve("a.jsonl")).lines().toList();
		assertThat(MillsRunner.read(this.directory.resolve("b.jsonl")).lines()).as("seed " + SEED)
			.containsExactlyElementsOf(expected);
		assertThat(MillsRunner.read(this.directory.resolve("c.jsonl")).lines()).as("seed " + SEED)
			.containsExactlyElementsOf(expected);
	}

	private void check(int restart, Ending ending, Client client) {
		assertThat(client.callsOutside).as("calls outside its life in restart %d (%s), seed %d", restart, ending, SEED)
			.hasValue(0);
		// a mill is over a moment before its thread is
		await().atMost(Duration.ofSeconds(1))
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
				.as("threads after restart %d (%s), seed %d", restart, ending, SEED)
				.doesNotContain("first-0", "second-0"));
	}

	/**
	 * How an application ends.
	 */
	enum Ending {

		CLOSED {

			@Override
			void end(ConfigurableApplicationContext context, Client client, int after) {
				client.awaitCalls(after);
			}

		},

		CLOSED_WHILE_STARTING {

			@Override
			ApplicationContextRunner prepare(ApplicationContextRunner runner, Client client, int after, int choice) {
				return runner.withInitializer((context) -> {
					Thread closing = new Thread(() -> {
						client.awaitCalls(1);
						context.close();
					});
					closing.setDaemon(true);
					closing.start();
				}).withBean(Slow.class, () -> new Slow(client, after));
			}

		},

		STOPPED_WHILE_STOPPING {

			@Override
			void end(ConfigurableApplicationContext context, Client client, int after) throws InterruptedException {
				client.awaitCalls(after);
				context.getBean(Mills.class).all().iterator().next().stop();
				Thread stopping = new Thread(context::stop);
				stopping.start();
				context.close();
				stopping.join();
			}

		},

		STARTED_WHILE_CLOSING {

			@Override
			void end(ConfigurableApplicationContext context, Client client, int after) throws InterruptedException {
				client.awaitCalls(after);
				Mill mill = context.getBean(Mills.class).all().iterator().next();
				Thread starting = new Thread(() -> startUntilRefused(mill));
				starting.start();
				context.close();
				starting.join();
			}

		},

		PAUSED_AND_RESTARTED {

			@Override
			void end(ConfigurableApplicationContext context, Client client, int after) {
				client.awaitCalls(after);
				context.pause();
				context.restart();
				client.awaitCalls(after + 10);
			}

		},

		STOPPED_AND_STARTED {

			@Override
			void end(ConfigurableApplicationContext context, Client client, int after) {
				context.stop();
				client.awaitCalls(0);
				context.start();
				client.awaitCalls(after);
			}

		},

		FAILED {

			@Override
			ApplicationContextRunner prepare(ApplicationContextRunner runner, Client client, int after, int choice) {
				return switch (Math.floorMod(choice, 4)) {
					case 0 -> runner.withBean("aaa", InitializingBean.class, () -> Ending::refuse);
					case 1 -> runner.withBean("zzz", InitializingBean.class, () -> Ending::refuse);
					case 2 -> runner.withBean("refusing", Refusing.class, () -> new Refusing(client, after));
					default -> runner.withBean("listener", Listener.class, () -> new Listener(client, after));
				};
			}

		};

		private static void refuse() {
			throw new IllegalStateException("refused");
		}

		private static void startUntilRefused(Mill mill) {
			try {
				while (true) {
					mill.stop();
					mill.start();
				}
			}
			catch (IllegalStateException ex) {
				assertThat(ex).hasMessageContaining("can't start: its application closes");
			}
		}

		ApplicationContextRunner prepare(ApplicationContextRunner runner, Client client, int after, int choice) {
			return runner;
		}

		void end(ConfigurableApplicationContext context, Client client, int after) throws InterruptedException {
		}

	}

	/**
	 * Fails to start once the mills are at work, which it needs.
	 */
	static class Refusing implements SmartLifecycle {

		private final Client client;

		private final int after;

		Refusing(Client client, int after) {
			this.client = client;
			this.after = after;
		}

		@Autowired
		void needs(Mills mills) {
		}

		@Override
		public void start() {
			this.client.awaitCalls(this.after);
			throw new IllegalStateException("refused");
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

	/**
	 * Takes its time to start once the mills are at work.
	 */
	static class Slow implements SmartLifecycle {

		private final Client client;

		private final int after;

		private boolean running;

		Slow(Client client, int after) {
			this.client = client;
			this.after = after;
		}

		@Autowired
		void needs(Mills mills) {
		}

		@Override
		public void start() {
			this.running = true;
			this.client.awaitCalls(this.after);
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

	record Listener(Client client, int after) implements ApplicationListener<ContextRefreshedEvent> {

		@Override
		public void onApplicationEvent(ContextRefreshedEvent event) {
			this.client.awaitCalls(this.after);
			throw new IllegalStateException("refused");
		}

	}

	/**
	 * What processors use, while it runs.
	 */
	static class Client implements SmartLifecycle, DisposableBean {

		final AtomicInteger calls = new AtomicInteger();

		final AtomicInteger callsOutside = new AtomicInteger();

		private volatile boolean running;

		void call() {
			if (!this.running) {
				this.callsOutside.incrementAndGet();
				throw new IllegalStateException("not running");
			}
			this.calls.incrementAndGet();
			LockSupport.parkNanos(20_000);
			if (!this.running) {
				this.callsOutside.incrementAndGet();
			}
		}

		void awaitCalls(int more) {
			int before = this.calls.get();
			long end = System.nanoTime() + 2_000_000_000L;
			while (this.calls.get() < before + more && System.nanoTime() < end) {
				Thread.onSpinWait();
			}
		}

		@Override
		public void start() {
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
			this.running = false;
		}

	}

	@WaterMillProcessor("first")
	static class First {

		@ToStream("b")
		A function(A a, Client client) {
			client.call();
			return a;
		}

	}

	@WaterMillProcessor("second")
	static class Second {

		@ToStream("c")
		A function(A a, Client client) {
			client.call();
			return a;
		}

	}

	record A(long time) {

	}

}
