package dev.watermill.spring.mill;

import java.nio.file.Path;
import java.util.function.Consumer;

import dev.watermill.Mill;
import dev.watermill.broker.Broker;
import dev.watermill.engine.MillState;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A context that was paused goes on with those mills that were at work.
 */
class MillPauseTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		Path in = MillsRunner.write(this.directory.resolve("a.json"), "[{\"time\":1},{\"time\":2}]");
		this.runner = MillsRunner.runner(this.directory)
			.withUserConfiguration(OfFile.class, Running.class, Stopped.class, Started.class, Paused.class,
					Brokers.class)
			.withPropertyValues("watermill.streams.a.file=" + in,
					"watermill.streams.out.file=" + this.directory.resolve("out.jsonl"),
					"watermill.streams.endless.broker=endless", "watermill.mills.started.auto-startup=false");
	}

	@ParameterizedTest
	@EnumSource
	void goesOnWithWhatWasAtWork(Interruption interruption) {
		this.runner.run((context) -> {
			Mill ofFile = MillsRunner.await(context, "of-file");
			assertThat(ofFile.state()).isEqualTo(MillState.COMPLETED);
			MillsRunner.mill(context, "stopped").stop();
			MillsRunner.mill(context, "started").start();
			awaitState(context, "running", MillState.RUNNING);
			awaitState(context, "paused", MillState.RUNNING);
			MillsRunner.mill(context, "paused").pause();
			awaitState(context, "stopped", MillState.STOPPED);
			awaitState(context, "started", MillState.RUNNING);
			awaitState(context, "paused", MillState.PAUSED);
			ConfigurableApplicationContext source = context.getSourceApplicationContext();
			interruption.pause.accept(source);
			for (String mill : new String[] { "running", "stopped", "started", "paused" }) {
				assertThat(MillsRunner.mill(context, mill).state()).as(mill).isEqualTo(MillState.STOPPED);
			}
			interruption.goOn.accept(source);
			awaitState(context, "running", MillState.RUNNING);
			awaitState(context, "started", MillState.RUNNING);
			awaitState(context, "paused", MillState.PAUSED);
			assertThat(MillsRunner.mill(context, "stopped").state()).isEqualTo(MillState.STOPPED);
			assertThat(ofFile.state()).isEqualTo(MillState.COMPLETED);
			assertThat(ofFile.counters().deliveries().get()).isEqualTo(2);
		});
	}

	@Test
	void beginsAnewAfterItsContextWasStoppedByHand() {
		this.runner.run((context) -> {
			assertThat(MillsRunner.await(context, "of-file").state()).isEqualTo(MillState.COMPLETED);
			MillsRunner.mill(context, "stopped").stop();
			awaitState(context, "stopped", MillState.STOPPED);
			context.stop();
			context.start();
			awaitState(context, "stopped", MillState.RUNNING);
			await().until(() -> MillsRunner.mill(context, "of-file").counters().deliveries().get() == 4);
			assertThat(MillsRunner.mill(context, "started").state()).isEqualTo(MillState.STOPPED);
		});
	}

	private static void awaitState(ApplicationContext context, String mill, MillState state) {
		await().untilAsserted(() -> assertThat(MillsRunner.mill(context, mill).state()).as(mill).isEqualTo(state));
	}

	enum Interruption {

		/** As Spring's tests do with the contexts they keep. */
		PAUSE(ConfigurableApplicationContext::pause, ConfigurableApplicationContext::restart),

		/**
		 * As a checkpoint of the JVM does; it can't be made here, so what it calls is.
		 */
		CHECKPOINT((context) -> invoke(context, "stopForRestart"), (context) -> invoke(context, "restartAfterStop"));

		private final Consumer<ConfigurableApplicationContext> pause;

		private final Consumer<ConfigurableApplicationContext> goOn;

		Interruption(Consumer<ConfigurableApplicationContext> pause, Consumer<ConfigurableApplicationContext> goOn) {
			this.pause = pause;
			this.goOn = goOn;
		}

		private static void invoke(ConfigurableApplicationContext context, String method) {
			ReflectionTestUtils.invokeMethod(context.getBean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME,
					DefaultLifecycleProcessor.class), method);
		}

	}

	static class Brokers {

		@Bean
		Broker endless() {
			return new EndlessBroker();
		}

	}

	@WaterMillProcessor("of-file")
	static class OfFile {

		@ToStream("out")
		A function(A a) {
			return a;
		}

	}

	@WaterMillProcessor("running")
	static class Running {

		void function(Endless element) {
		}

	}

	@WaterMillProcessor("stopped")
	static class Stopped {

		void function(Endless element) {
		}

	}

	@WaterMillProcessor("started")
	static class Started {

		void function(Endless element) {
		}

	}

	@WaterMillProcessor("paused")
	static class Paused {

		void function(Endless element) {
		}

	}

	record A(long time) {

	}

	record Endless(long time) {

	}

}
