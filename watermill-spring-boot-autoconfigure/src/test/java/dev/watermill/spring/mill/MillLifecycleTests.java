package dev.watermill.spring.mill;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.watermill.Mill;
import dev.watermill.broker.Broker;
import dev.watermill.engine.MillState;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Mills begin and end with their application, and wait for each other's files.
 */
@ExtendWith(OutputCaptureExtension.class)
class MillLifecycleTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		Path in = MillsRunner.write(this.directory.resolve("a.json"), "[{\"time\":1},{\"time\":2}]");
		this.runner = MillsRunner.runner(this.directory)
			.withPropertyValues("watermill.streams.a.file=" + in, "watermill.streams.b.file=" + file("b"),
					"watermill.streams.c.file=" + file("c"), "watermill.streams.d.file=" + file("d"));
	}

	private Path file(String stream) {
		return this.directory.resolve(stream + ".json");
	}

	@Test
	void startsAgainWithItsContext() {
		this.runner.withUserConfiguration(First.class).run((context) -> {
			assertThat(MillsRunner.await(context, "first").state()).isEqualTo(MillState.COMPLETED);
			context.stop();
			assertThat(context.getBean(MillLifecycle.class).isRunning()).isFalse();
			MillsRunner.write(this.directory.resolve("a.json"), "[{\"time\":7}]");
			context.start();
			assertThat(MillsRunner.await(context, "first").state()).isEqualTo(MillState.COMPLETED);
			assertThat(MillsRunner.read(file("b"))).isEqualToIgnoringWhitespace("[{\"time\":7}]");
		});
	}

	@Test
	void startsOnlyThoseThatShall() {
		this.runner.withUserConfiguration(First.class)
			.withPropertyValues("watermill.mills.FIRST.auto-startup=false", "watermill.streams.a.file=missing.json")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(MillsRunner.mill(context, "first").state()).isEqualTo(MillState.STOPPED);
			});
	}

	@Test
	void startsNoneThatNobodyAsksForIfNoneShall() {
		MillsRunner.write(this.directory.resolve("a.json"), "[{\"time\":7}]");
		this.runner.withUserConfiguration(First.class, Second.class)
			.withPropertyValues("watermill.auto-startup=false", "watermill.mills.first.auto-startup=true",
					"watermill.streams.c.file=" + file("c"))
			.run((context) -> {
				Mill first = MillsRunner.mill(context, "first");
				Mill second = MillsRunner.mill(context, "second");
				assertThat(first.state()).isEqualTo(MillState.STOPPED);
				// twice, since a second run takes back what the second mill has read
				for (int run = 0; run < 2; run++) {
					assertThat(first.run()).isEqualTo(MillState.COMPLETED);
					assertThat(second.run()).isEqualTo(MillState.COMPLETED);
				}
			});
	}

	@Test
	void stopsGracefullyWhenTheContextIsClosed() {
		Blocker blocker = new Blocker();
		this.runner.withBean(Blocker.class, () -> blocker).withUserConfiguration(Blocked.class).run((context) -> {
			assertThat(blocker.entered.await(20, TimeUnit.SECONDS)).isTrue();
			Thread closing = new Thread(context::close);
			closing.start();
			await().until(() -> closing.getState() == Thread.State.WAITING
					|| closing.getState() == Thread.State.TIMED_WAITING);
			assertThat(MillsRunner.mill(context, "blocked").state()).isEqualTo(MillState.RUNNING);
			blocker.leave.countDown();
			closing.join(Duration.ofSeconds(20).toMillis());
			assertThat(closing.isAlive()).isFalse();
		});
		// The delivery at work was finished and committed, the next one was not begun
		assertThat(blocker.left.get()).isTrue();
		assertThat(this.directory.resolve("b.json.checkpoint")).exists();
		assertThat(MillsRunner.read(this.directory.resolve("b.json.part"))).contains("\"time\":1")
			.doesNotContain("\"time\":2");
	}

	@Test
	void runsOnThreadsThatKeepTheJvmAlive() {
		Blocker blocker = new Blocker();
		this.runner.withBean(Blocker.class, () -> blocker).withUserConfiguration(Blocked.class).run((context) -> {
			assertThat(blocker.entered.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(Thread.getAllStackTraces().keySet()).filteredOn("name", "blocked-0")
				.isNotEmpty()
				.noneMatch(Thread::isDaemon);
			blocker.leave.countDown();
		});
	}

	@Test
	void startsAMillOnceItsInputIsWritten() {
		Blocker blocker = new Blocker();
		this.runner.withBean(Blocker.class, () -> blocker)
			.withUserConfiguration(Third.class, Second.class, Blocked.class)
			.run((context) -> {
				assertThat(blocker.entered.await(20, TimeUnit.SECONDS)).isTrue();
				assertThat(MillsRunner.mill(context, "second").state()).isEqualTo(MillState.STARTING);
				assertThat(MillsRunner.mill(context, "second").status().detail())
					.isEqualTo("mill 'blocked', which writes its input");
				assertThat(MillsRunner.mill(context, "third").status().detail())
					.isEqualTo("mill 'second', which writes its input");
				blocker.leave.countDown();
				assertThat(MillsRunner.await(context, "third").state()).isEqualTo(MillState.COMPLETED);
				assertThat(MillsRunner.mill(context, "second").state()).isEqualTo(MillState.COMPLETED);
				assertThat(MillsRunner.read(file("d"))).isEqualToIgnoringWhitespace("[{\"time\":1},{\"time\":2}]");
			});
	}

	@Test
	void saysThatTheWriterOfTheInputFailedAndGoesOnAfterItsRestart() {
		AtomicBoolean broken = new AtomicBoolean(true);
		this.runner.withBean(AtomicBoolean.class, () -> broken)
			.withUserConfiguration(Broken.class, Second.class)
			.withPropertyValues("watermill.mills.broken.retry.max-retries=0")
			.run((context) -> {
				Mill writer = MillsRunner.await(context, "broken");
				assertThat(writer.state()).isEqualTo(MillState.FAILED);
				Mill reader = MillsRunner.mill(context, "second");
				await().untilAsserted(() -> assertThat(reader.status().detail())
					.isEqualTo("mill 'broken', which writes its input and has failed"));
				assertThat(reader.state()).isEqualTo(MillState.STARTING);
				broken.set(false);
				writer.start();
				assertThat(MillsRunner.await(context, "broken").state()).isEqualTo(MillState.COMPLETED);
				assertThat(MillsRunner.await(context, "second").state()).isEqualTo(MillState.COMPLETED);
			});
	}

	@Test
	void readsAgainWhatIsWrittenAgain() {
		this.runner.withUserConfiguration(First.class, Second.class).run((context) -> {
			assertThat(MillsRunner.await(context, "second").state()).isEqualTo(MillState.COMPLETED);
			MillsRunner.write(this.directory.resolve("a.json"), "[{\"time\":7}]");
			Mill reader = MillsRunner.mill(context, "second");
			MillsRunner.mill(context, "first").start();
			await().untilAsserted(() -> {
				assertThat(reader.state()).isEqualTo(MillState.COMPLETED);
				assertThat(MillsRunner.read(file("c"))).isEqualToIgnoringWhitespace("[{\"time\":7}]");
			});
		});
	}

	@Test
	void leavesAMillAloneThatWasStoppedWhileItWaited(CapturedOutput output) {
		Blocker blocker = new Blocker();
		this.runner.withBean(Blocker.class, () -> blocker)
			.withUserConfiguration(Second.class, Blocked.class)
			.run((context) -> {
				assertThat(blocker.entered.await(20, TimeUnit.SECONDS)).isTrue();
				Mill reader = MillsRunner.mill(context, "second");
				reader.stop();
				assertThat(reader.state()).isEqualTo(MillState.STOPPED);
				blocker.leave.countDown();
				assertThat(MillsRunner.await(context, "blocked").state()).isEqualTo(MillState.COMPLETED);
				assertThat(reader.state()).isEqualTo(MillState.STOPPED);
				assertThat(output).doesNotContain("is started although");
			});
	}

	@Test
	void warnsOfAMillThatIsStartedBeforeItsInputIsWritten(CapturedOutput output) {
		Blocker blocker = new Blocker();
		this.runner.withBean(Blocker.class, () -> blocker)
			.withUserConfiguration(Second.class, Blocked.class)
			.run((context) -> {
				assertThat(blocker.entered.await(20, TimeUnit.SECONDS)).isTrue();
				MillsRunner.mill(context, "second").start();
				assertThat(output).containsOnlyOnce("Mill 'second' is started although mill 'blocked', which writes "
						+ "its input, is RUNNING: it reads what is there so far");
				blocker.leave.countDown();
			});
	}

	@Test
	void warnsAboutAnArrayOfAnEndlessInput(CapturedOutput output) {
		this.runner.withUserConfiguration(First.class, Endless.class)
			.withPropertyValues("watermill.streams.a.file=", "watermill.streams.a.broker=endless")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).contains("Mill 'first' writes its stream 'b'", "b.json.part",
						"its input 'a' may never end");
			});
		assertThat(Files.exists(file("b"))).isFalse();
	}

	@Test
	void warnsAboutAStreamThatNobodyUses(CapturedOutput output) {
		this.runner.withUserConfiguration(First.class)
			.withPropertyValues("watermill.streams.robots.file=robots.json")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).contains("No mill uses these settings under watermill.streams: ",
						"robots. The mills' streams are: ");
			});
	}

	@Test
	void warnsAboutSettingsOfTheOtherDirection(CapturedOutput output) {
		this.runner.withUserConfiguration(First.class)
			.withPropertyValues("watermill.streams.a.overwrite=true", "watermill.streams.a.on-invalid=skip",
					"watermill.streams.b.overwrite=true", "watermill.streams.b.on-invalid=skip",
					"watermill.streams.b.on-disorder=skip")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).containsOnlyOnce("The property watermill.streams.a.overwrite has no effect")
					.containsOnlyOnce("The property watermill.streams.b.on-invalid has no effect")
					.containsOnlyOnce("The property watermill.streams.b.on-disorder has no effect")
					.doesNotContain("watermill.streams.a.on-invalid has", "watermill.streams.b.overwrite has");
			});
	}

	@Test
	void warnsAboutSettingsOfAMillThatIsNotThere(CapturedOutput output) {
		this.runner.withUserConfiguration(First.class)
			.withPropertyValues("watermill.mills.frist.auto-startup=false", "watermill.mills.first.max-group-size=7")
			.run((context) -> {
				assertThat(MillsRunner.await(context, "first").state()).isEqualTo(MillState.COMPLETED);
				assertThat(output)
					.containsOnlyOnce("No mill uses the settings under watermill.mills.frist: there is none of this "
							+ "name. Did you mean 'first'? The mills are: first");
			});
		this.runner.withPropertyValues("watermill.mills.first.auto-startup=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("watermill.mills.first: there is none of this name. Its processor, a class or "
					+ "method with @WaterMillProcessor, is no bean here");
		});
	}

	@Test
	void resetsTheMillsThatItIsAskedToOnce(CapturedOutput output) {
		Path lines = this.directory.resolve("b.jsonl");
		ApplicationContextRunner broken = this.runner.withUserConfiguration(First.class, Second.class)
			.withPropertyValues("watermill.streams.b.file=" + lines, "watermill.streams.c.file=" + file("c"));
		MillsRunner.write(this.directory.resolve("a.json"), "[{\"time\":1},{\"time\":\"x\"}]");
		broken.run((context) -> assertThat(MillsRunner.await(context, "first").state()).isEqualTo(MillState.FAILED));
		assertThat(MillsRunner.read(lines)).isEqualTo("{\"time\":1}\n");
		MillsRunner.write(this.directory.resolve("a.json"), "[{\"time\":5}]");
		broken.run((context) -> assertThat(MillsRunner.await(context, "first").state()).isEqualTo(MillState.FAILED));
		broken.withPropertyValues("watermill.reset=FIRST, second").run((context) -> {
			assertThat(MillsRunner.await(context, "second").state()).isEqualTo(MillState.COMPLETED);
			assertThat(MillsRunner.read(lines)).isEqualTo("{\"time\":5}\n");
			assertThat(output).containsOnlyOnce("Reset mill 'first', as watermill.reset asks")
				.containsOnlyOnce("Reset mill 'second'");
			context.stop();
			context.start();
			MillsRunner.await(context, "second");
			assertThat(output).containsOnlyOnce("Reset mill 'first'");
		});
	}

	@Test
	void resetsAMillThatIsNotToStart(CapturedOutput output) {
		this.runner.withUserConfiguration(First.class)
			.withPropertyValues("watermill.reset[0]=first", "watermill.mills.first.auto-startup=false")
			.run((context) -> {
				assertThat(output).contains("Reset mill 'first'");
				assertThat(MillsRunner.mill(context, "first").state()).isEqualTo(MillState.STOPPED);
			});
	}

	@Test
	void refusesABeanThatAsksForTheMillsTooEarly() {
		this.runner.withUserConfiguration(Asking.class, Curious.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("asked for the mills while it was created"));
	}

	@Test
	void appliesCustomizersLast() {
		this.runner.withUserConfiguration(First.class, Customizers.class)
			.withPropertyValues("watermill.mills.first.max-group-size=7")
			.run((context) -> assertThat(MillsRunner.mill(context, "first").tree().maxGroupSize()).isEqualTo(9));
	}

	static class Customizers {

		@Bean
		MillCustomizer customizer() {
			return (builder) -> {
				assertThat(builder.name()).isEqualTo("first");
				builder.maxGroupSize(9);
			};
		}

	}

	static class Endless {

		@Bean
		Broker endless() {
			return new EndlessBroker();
		}

	}

	@WaterMillProcessor("asking")
	static class Asking {

		void function(A a, Curious curious) {
		}

	}

	@Lazy
	static class Curious {

		Curious(Mills mills) {
			mills.all();
		}

	}

	@WaterMillProcessor("first")
	static class First {

		@ToStream("b")
		A function(A a) {
			return a;
		}

	}

	@WaterMillProcessor("second")
	static class Second {

		@ToStream("c")
		B function(B b) {
			return b;
		}

	}

	@WaterMillProcessor("third")
	static class Third {

		@ToStream("d")
		C function(C c) {
			return c;
		}

	}

	@WaterMillProcessor("blocked")
	static class Blocked {

		@ToStream("b")
		A function(A a, Blocker blocker) throws InterruptedException {
			blocker.entered.countDown();
			blocker.leave.await();
			blocker.left.set(true);
			return a;
		}

	}

	@WaterMillProcessor("broken")
	static class Broken {

		@ToStream("b")
		A function(A a, AtomicBoolean broken) {
			if (broken.get()) {
				throw new IllegalStateException("broken");
			}
			return a;
		}

	}

	static class Blocker {

		final CountDownLatch entered = new CountDownLatch(1);

		final CountDownLatch leave = new CountDownLatch(1);

		final AtomicBoolean left = new AtomicBoolean();

	}

	record A(long time) {

	}

	record B(long time) {

	}

	record C(long time) {

	}

}
