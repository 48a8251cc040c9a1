package dev.watermill.spring.mill;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.watermill.engine.MillState;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.autoconfigure.CompletionExitAutoConfiguration;
import dev.watermill.spring.autoconfigure.JsonFileAutoConfiguration;
import dev.watermill.spring.autoconfigure.WaterMillAutoConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * With {@code watermill.exit-on-completion} an application ends when its mills are over.
 */
class CompletionExitTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner;

	private final Exit exit = new Exit();

	@BeforeEach
	void createRunner() {
		Path in = MillsRunner.write(this.directory.resolve("a.json"), "[{\"time\":1},{\"time\":2}]");
		this.runner = MillsRunner.runner(this.directory)
			.withBean(ApplicationExit.class, () -> this.exit)
			.withPropertyValues("watermill.exit-on-completion=true", "watermill.streams.a.file=" + in,
					"watermill.streams.b.file=" + this.directory.resolve("b.json"),
					"watermill.streams.c.file=" + this.directory.resolve("c.json"));
	}

	@Test
	void endsWithZeroWhenAllCompleted() {
		this.runner.withUserConfiguration(Copy.class, Next.class).run((context) -> {
			assertThat(this.exit.code()).isZero();
			assertThat(this.exit.states).isEqualTo("COMPLETED COMPLETED");
			assertThat(this.exit.thread).isEqualTo("watermill-exit");
			await().until(() -> !context.isActive());
		});
	}

	@Test
	void endsWithOneWhenOneFailedAndTheOtherWaitsForIt() {
		this.runner.withUserConfiguration(Failing.class, Next.class)
			.withPropertyValues("watermill.mills.failing.retry.max-attempts=1")
			.run((context) -> {
				assertThat(this.exit.code()).isOne();
				assertThat(this.exit.states).isEqualTo("FAILED STARTING");
			});
	}

	@Test
	void doesNotWaitForAMillThatWasNotToStart() {
		this.runner.withUserConfiguration(Copy.class, Unrelated.class)
			.withPropertyValues("watermill.mills.unrelated.auto-startup=false")
			.run((context) -> assertThat(this.exit.code()).isZero());
	}

	@Test
	void staysUntilTheLastMillIsOver() {
		this.runner.withUserConfiguration(Copy.class, Held.class).run((context) -> {
			Held held = context.getBean(Held.class);
			assertThat(held.entered.await(20, TimeUnit.SECONDS)).isTrue();
			MillsRunner.await(context, "copy");
			assertThat(this.exit.called.getCount()).isOne();
			held.leave.countDown();
			assertThat(this.exit.code()).isZero();
		});
	}

	@Test
	void doesNotEndAnApplicationThatIsStopped() {
		this.runner.withUserConfiguration(Held.class).run((context) -> {
			Held held = context.getBean(Held.class);
			assertThat(held.entered.await(20, TimeUnit.SECONDS)).isTrue();
			held.leave.countDown();
			context.getBean(MillLifecycle.class).stop();
			if (MillsRunner.mill(context, "held").state() == MillState.STOPPED) {
				assertThat(this.exit.called.getCount()).isOne();
			}
		});
	}

	@Test
	void staysWithoutTheSetting() {
		this.runner.withUserConfiguration(Copy.class)
			.withPropertyValues("watermill.exit-on-completion=false")
			.run((context) -> {
				MillsRunner.await(context, "copy");
				assertThat(context).doesNotHaveBean(CompletionExit.class);
				assertThat(this.exit.called.getCount()).isOne();
			});
	}

	@Test
	void waitsForTheRunnersOfASpringApplication() throws Exception {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(WithRunner.class)
			.web(WebApplicationType.NONE)
			.initializers((initialized) -> ((GenericApplicationContext) initialized).registerBean(Exit.class,
					() -> this.exit))
			.run("--watermill.exit-on-completion=true",
					"--watermill.streams.a.file=" + this.directory.resolve("a.json"),
					"--watermill.streams.b.file=" + this.directory.resolve("b.json"));
		assertThat(this.exit.code()).isZero();
		assertThat(this.exit.afterRunner).isTrue();
		assertThat(context.isActive()).isFalse();
	}

	@Configuration(proxyBeanMethods = false)
	@Import(Copy.class)
	@ImportAutoConfiguration({ WaterMillAutoConfiguration.class, JsonFileAutoConfiguration.class,
			CompletionExitAutoConfiguration.class })
	static class WithRunner {

		@Bean
		ApplicationRunner runner(Mills mills, Exit exit) {
			return (arguments) -> {
				await().until(() -> mills.get("copy").state() == MillState.COMPLETED);
				assertThat(exit.called.getCount()).isOne();
				exit.ran = true;
			};
		}

	}

	static class Exit implements ApplicationExit {

		final CountDownLatch called = new CountDownLatch(1);

		private final AtomicReference<Integer> code = new AtomicReference<>();

		volatile String states = "";

		volatile String thread = "";

		volatile boolean ran;

		volatile boolean afterRunner;

		@Override
		public void exit(ApplicationContext context, ExitCodeGenerator exitCode) {
			this.thread = Thread.currentThread().getName();
			this.afterRunner = this.ran;
			this.states = String.join(" ",
					context.getBean(Mills.class).all().stream().map((mill) -> mill.state().name()).toList());
			this.code.set(SpringApplication.exit(context, exitCode));
			this.called.countDown();
		}

		int code() throws InterruptedException {
			assertThat(this.called.await(20, TimeUnit.SECONDS)).as("exit").isTrue();
			return this.code.get();
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
	static class Held {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch leave = new CountDownLatch(1);

		void function(A a) throws InterruptedException {
			this.entered.countDown();
			this.leave.await();
		}

	}

	record A(long time) {

	}

	record B(long time) {

	}

}
