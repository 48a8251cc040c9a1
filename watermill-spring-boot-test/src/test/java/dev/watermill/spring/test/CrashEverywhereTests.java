package dev.watermill.spring.test;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import dev.watermill.spring.JoinOn;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;
import dev.watermill.spring.file.JsonFileAutoConfiguration;
import dev.watermill.spring.mill.WaterMillAutoConfiguration;
import dev.watermill.spring.test.ImpureProcessors.Note;
import dev.watermill.spring.test.ImpureProcessors.Reading;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What depends on something else than its arguments is found out, and nothing else.
 */
class CrashEverywhereTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("watermill.auto-startup=false")
		.withConfiguration(AutoConfigurations.of(WaterMillAutoConfiguration.class, JsonFileAutoConfiguration.class,
				MillTesterAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(classes = { ImpureProcessors.CountsInAField.class, ImpureProcessors.CountsInAStaticField.class,
			ImpureProcessors.AsksForTheTime.class, ImpureProcessors.AsksForMilliseconds.class,
			ImpureProcessors.DrawsRandomNumbers.class, ImpureProcessors.DrawsByASeed.class,
			ImpureProcessors.MakesIdentifiers.class, ImpureProcessors.RemembersTheLast.class,
			ImpureProcessors.KeepsTheGreatest.class, ImpureProcessors.DropsDuplicates.class,
			ImpureProcessors.AnnouncesOnce.class, ImpureProcessors.CollectsThree.class,
			ImpureProcessors.AsksAnotherBean.class, ImpureProcessors.TellsWhichObjectItIs.class,
			ImpureProcessors.ChangesElements.class })
	void findsOutWhatIsImpure(Class<?> processor) {
		this.runner.withUserConfiguration(processor).withBean(ImpureProcessors.Counter.class).run((context) -> {
			MillTester tester = context.getBean(MillTester.class);
			tester.given(Reading.class, new Reading(0, "north", 7), new Reading(1, "south", 3),
					new Reading(2, "south", 1), new Reading(3, "north", 2));
			if (processor == ImpureProcessors.ChangesElements.class) {
				tester.givenJson("calibration", "{\"time\":0,\"uses\":0}");
			}
			assertThatExceptionOfType(AssertionError.class).isThrownBy(tester::crashEverywhere)
				.withMessageContaining("'note'");
		});
	}

	@Test
	void saysWhichStepAndWhatDiffers() {
		this.runner.withUserConfiguration(ImpureProcessors.RemembersTheLast.class).run((context) -> {
			MillTester tester = context.getBean(MillTester.class);
			tester.given(Reading.class, new Reading(0, "north", 7), new Reading(1, "north", 3));
			assertThatExceptionOfType(AssertionError.class).isThrownBy(tester::crashEverywhere)
				.withMessageStartingWith("The results differ after a crash at step 11 of 16, before the mill hears "
						+ "of its commit, after its 1st call ('impure'). The stream 'note' has at 1 of 2")
				.withMessageContaining("  {\"time\":1,\"text\":\"before: 7\"}")
				.withMessageContaining("  {\"time\":1,\"text\":\"before: null\"}");
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { Pure.class, Joined.class, Windowed.class, Later.class, Chained.class })
	void findsNothingInWhatIsPure(Class<?> processor) {
		this.runner.withUserConfiguration(processor).run((context) -> {
			MillTester tester = context.getBean(MillTester.class);
			tester.given(Reading.class, LongStream.range(0, 5).mapToObj((i) -> new Reading(i, "north", i)).toList());
			if (processor == Joined.class) {
				tester.given("limit", new Limit(1, 3), new Limit(1, 4), new Limit(3, 5));
			}
			CrashReport report = tester.crashEverywhere();
			assertThat(report.steps()).isGreaterThan(10);
			assertThat(report.isExhaustive()).isTrue();
		});
	}

	@Test
	void triesAThousandOfMoreSteps() {
		this.runner.withUserConfiguration(Pure.class).run((context) -> {
			MillTester tester = context.getBean(MillTester.class);
			tester.given(Reading.class, LongStream.range(0, 199).mapToObj((i) -> new Reading(i, "north", i)).toList());
			// of this thread, which runs the mills, since others may be at work on the
			// machine: 2 to 5 s where nobody is, 10 where they share its cores. What
			// grows with the square of the steps takes minutes
			ThreadMXBean threads = ManagementFactory.getThreadMXBean();
			long begin = threads.getCurrentThreadCpuTime();
			assertThat(tester.crashEverywhere()).isEqualTo(new CrashReport(1_001, 1_000, 1));
			assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - begin)).isLessThan(Duration.ofSeconds(30));
		});
	}

	@Test
	void anotherBeanForgetsInACrashIfItIsSaid() {
		this.runner.withUserConfiguration(AsksACache.class).withBean(Greatest.class).run((context) -> {
			MillTester tester = context.getBean(MillTester.class);
			tester.given(Reading.class, new Reading(0, "north", 7), new Reading(1, "north", 3));
			assertThat(tester.crashEverywhere().isExhaustive()).isTrue();
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> tester.crashEverywhere(Greatest.class))
				.withMessageContaining("{\"time\":1,\"text\":\"3\"}");
		});
	}

	@Test
	void adviceIsOnProcessorsThatAreMadeAnew() {
		AtomicInteger calls = new AtomicInteger();
		MethodInterceptor advice = (invocation) -> {
			calls.incrementAndGet();
			return invocation.proceed();
		};
		this.runner.withUserConfiguration(Pure.class)
			.withBean(DefaultAdvisorAutoProxyCreator.class)
			.withBean(Advisor.class,
					() -> new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(WaterMillProcessor.class), advice))
			.run((context) -> {
				context.getBean(MillTester.class).given(Reading.class, new Reading(0, "north", 7)).crashEverywhere();
				assertThat(calls).hasValueGreaterThan(10);
			});
	}

	@Test
	void comparesNothingWhereNothingIsWritten() {
		this.runner.withUserConfiguration(Silent.class)
			.run((context) -> assertThatIllegalStateException()
				.isThrownBy(() -> context.getBean(MillTester.class).crashEverywhere())
				.withMessageContaining("write nothing"));
	}

	record Limit(long time, long value) {

	}

	@WaterMillProcessor
	static class Pure {

		Note note(Reading reading) {
			return new Note(reading.time(), reading.sensor());
		}

	}

	@WaterMillProcessor
	static class Joined {

		Note note(Reading reading, @JoinOn("time") Map<Reading, List<Limit>> limits) {
			return new Note(reading.time(), limits.get(reading).toString());
		}

	}

	@WaterMillProcessor
	static class Windowed {

		Note note(@WindowBy(value = "time", size = "3", step = "1") List<Reading> readings) {
			return new Note(readings.get(0).time(), readings.toString());
		}

	}

	@WaterMillProcessor
	static class Later {

		CompletionStage<Note> note(Reading reading) {
			return CompletableFuture.supplyAsync(() -> new Note(reading.time(), reading.sensor()));
		}

	}

	static class Chained {

		@WaterMillProcessor
		Note first(Reading reading) {
			return new Note(reading.time(), reading.sensor());
		}

		@WaterMillProcessor
		Limit second(Note note) {
			return new Limit(note.time(), note.text().length());
		}

	}

	@WaterMillProcessor
	static class AsksACache {

		Note note(Reading reading, Greatest greatest) {
			return new Note(reading.time(), String.valueOf(greatest.of(reading.value())));
		}

	}

	static class Greatest {

		private long greatest;

		long of(long value) {
			this.greatest = Math.max(this.greatest, value);
			return this.greatest;
		}

	}

	@WaterMillProcessor
	static class Silent {

		void note(Reading reading) {
		}

	}

}
