package dev.watermill.spring.mill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.watermill.engine.MillState;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.file.JsonFileAutoConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * With {@code watermill.exit-on-completion} an application's {@code run} returns when its
 * mills are over. What becomes of the process is for tests with a process.
 */
class CompletionExitTests {

	@TempDir
	Path directory;

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	@BeforeEach
	void writeInput() {
		MillsRunner.write(file("a"), "[{\"time\":1},{\"time\":2}]");
	}

	@AfterEach
	void closeContexts() {
		Holder.leave.countDown();
		this.contexts.forEach(ConfigurableApplicationContext::close);
	}

	private Path file(String stream) {
		return this.directory.resolve(stream + ".json");
	}

	private ConfigurableApplicationContext run(Class<?> processor, Class<?> other, String... arguments) {
		List<String> all = new ArrayList<>(List.of("--watermill.state-dir=" + this.directory.resolve("state")));
		for (String stream : List.of("a", "b", "c")) {
			all.add("--watermill.streams." + stream + ".file=" + file(stream));
		}
		Collections.addAll(all, arguments);
		if (all.stream().noneMatch((argument) -> argument.contains("exit-on-completion"))) {
			all.add("--watermill.exit-on-completion=true");
		}
		ConfigurableApplicationContext context = new SpringApplicationBuilder(WithMills.class, processor, other)
			.web(WebApplicationType.NONE)
			.run(all.toArray(String[]::new));
		this.contexts.add(context);
		return context;
	}

	private static String states(ConfigurableApplicationContext context) {
		return String.join(" ",
				context.getBean(Mills.class).all().stream().map((mill) -> mill.state().name()).toList());
	}

	@Test
	void returnsWhenAllMillsHaveCompleted() {
		ConfigurableApplicationContext context = run(Copy.class, Next.class);
		assertThat(states(context)).isEqualTo("COMPLETED COMPLETED");
		assertThat(context.isActive()).isTrue();
		assertThat(SpringApplication.exit(context)).isZero();
	}

	@Test
	void returnsWhenOneFailedAndTheOtherWaitsForIt() {
		ConfigurableApplicationContext context = run(Failing.class, Next.class,
				"--watermill.mills.failing.retry.max-retries=0");
		assertThat(states(context)).isEqualTo("FAILED STARTING");
		assertThat(SpringApplication.exit(context)).isOne();
	}

	@Test
	void waitsForTheLastRestartOfAMillThatFailed() {
		ConfigurableApplicationContext context = run(Failing.class, Next.class,
				"--watermill.mills.failing.retry.max-retries=0", "--watermill.mills.failing.restart.max-restarts=2",
				"--watermill.mills.failing.restart.delay=1ms");
		assertThat(states(context)).isEqualTo("FAILED STARTING");
		assertThat(MillsRunner.mill(context, "failing").counters().restarts().get()).isEqualTo(2);
		assertThat(SpringApplication.exit(context)).isOne();
	}

	@Test
	void doesNotWaitForAMillThatWasNotToStart() {
		ConfigurableApplicationContext context = run(Copy.class, Unrelated.class,
				"--watermill.mills.unrelated.auto-startup=false");
		assertThat(states(context)).isEqualTo("COMPLETED STOPPED");
		assertThat(SpringApplication.exit(context)).isZero();
	}

	@Test
	void waitsForTheLastMillBehindAllRunnersAndSaysThatItIsReady() throws Exception {
		Holder.reset();
		CompletableFuture<ConfigurableApplicationContext> running = CompletableFuture
			.supplyAsync(() -> run(Holder.class, Runners.class));
		assertThat(Holder.entered.await(20, TimeUnit.SECONDS)).isTrue();
		await().until(() -> Holder.told.contains("ready"));
		assertThat(Holder.told).contains("first", "second", "ACCEPTING_TRAFFIC");
		assertThat(running).isNotDone();
		Holder.leave.countDown();
		assertThat(states(running.get(20, TimeUnit.SECONDS))).isEqualTo("COMPLETED");
	}

	@Test
	void returnsWhenTheApplicationIsClosed() throws Exception {
		Holder.reset();
		CompletableFuture<ConfigurableApplicationContext> running = CompletableFuture
			.supplyAsync(() -> run(Holder.class, Runners.class));
		assertThat(Holder.entered.await(20, TimeUnit.SECONDS)).isTrue();
		await().until(() -> Holder.told.contains("ready"));
		CompletableFuture<Void> closing = CompletableFuture.runAsync(Holder.context::close);
		assertThat(running.get(20, TimeUnit.SECONDS)).isSameAs(Holder.context);
		Holder.leave.countDown();
		closing.get(20, TimeUnit.SECONDS);
	}

	@Test
	void returnsAtOnceWithoutTheSetting() throws Exception {
		Holder.reset();
		ConfigurableApplicationContext context = run(Holder.class, Runners.class,
				"--watermill.exit-on-completion=false");
		assertThat(Holder.entered.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(states(context)).isEqualTo("RUNNING");
		Holder.leave.countDown();
		MillsRunner.await(context, "held");
		assertThat(SpringApplication.exit(context)).isZero();
	}

	@Test
	void doesNotWaitInATestOfSprings() throws Exception {
		Holder.reset();
		System.setProperty("completion.directory", this.directory.toString());
		TestContextManager manager = new TestContextManager(OfSprings.class);
		ConfigurableApplicationContext context = (ConfigurableApplicationContext) manager.getTestContext()
			.getApplicationContext();
		try {
			assertThat(Holder.entered.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(states(context)).isEqualTo("RUNNING");
			Holder.leave.countDown();
			assertThat(MillsRunner.await(context, "held").state()).isEqualTo(MillState.COMPLETED);
			// Nothing ends it, or this test would not go on
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.doesNotContain("watermill-exit");
			assertThat(context.isActive()).isTrue();
		}
		finally {
			System.clearProperty("completion.directory");
			context.close();
		}
	}

	@SpringBootTest(classes = { WithMills.class, Holder.class },
			properties = { "watermill.exit-on-completion=true", "spring.main.web-application-type=none",
					"watermill.state-dir=${completion.directory}/state",
					"watermill.streams.a.file=${completion.directory}/a.json" })
	static class OfSprings {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ WaterMillAutoConfiguration.class, JsonFileAutoConfiguration.class,
			CompletionExitAutoConfiguration.class })
	static class WithMills {

	}

	static class Runners {

		@Bean
		ApplicationRunner first() {
			return (arguments) -> Holder.told.add("first");
		}

		@Bean
		ApplicationRunner second() {
			return (arguments) -> Holder.told.add("second");
		}

		@EventListener
		void changed(AvailabilityChangeEvent<ReadinessState> event) {
			Holder.told.add(event.getState().toString());
		}

		@EventListener
		void ready(ApplicationReadyEvent event) {
			Holder.context = event.getApplicationContext();
			Holder.told.add("ready");
		}

	}

	@WaterMillProcessor("copy")
	static class Copy {

		@ToStream("b")
		A function(A a) {
			return a;
		}

	}

	@WaterMillProcessor("failing")
	static class Failing {

		@ToStream("b")
		A function(A a) {
			throw new IllegalStateException("failing");
		}

	}

	@WaterMillProcessor("next")
	static class Next {

		@ToStream("c")
		B function(B b) {
			return b;
		}

	}

	@WaterMillProcessor("unrelated")
	static class Unrelated {

		void function(A a) {
		}

	}

	@WaterMillProcessor("held")
	static class Holder {

		static volatile CountDownLatch entered = new CountDownLatch(1);

		static volatile CountDownLatch leave = new CountDownLatch(1);

		static final List<String> told = Collections.synchronizedList(new ArrayList<>());

		static volatile ConfigurableApplicationContext context;

		static void reset() {
			entered = new CountDownLatch(1);
			leave = new CountDownLatch(1);
			told.clear();
		}

		void function(A a) throws InterruptedException {
			entered.countDown();
			leave.await();
		}

	}

	record A(long time) {

	}

	record B(long time) {

	}

}
