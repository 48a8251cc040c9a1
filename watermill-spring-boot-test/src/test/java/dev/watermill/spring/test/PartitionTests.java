package dev.watermill.spring.test;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.watermill.delivery.MillContext;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.file.JsonFileAutoConfiguration;
import dev.watermill.spring.mill.WaterMillAutoConfiguration;
import dev.watermill.spring.test.ImpureProcessors.Note;
import dev.watermill.spring.test.ImpureProcessors.Reading;
import dev.watermill.spring.test.MillTesterTests.Limit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What a test gives to partitions makes lanes, as those of topics do.
 */
class PartitionTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("watermill.auto-startup=false", "watermill.mills.partition-tests-joined.concurrency=2")
		.withConfiguration(AutoConfigurations.of(WaterMillAutoConfiguration.class, JsonFileAutoConfiguration.class,
				MillTesterAutoConfiguration.class));

	private void test(Class<?> processor, Consumer<MillTester> test, String... properties) {
		this.runner.withUserConfiguration(processor).withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context.getBean(MillTester.class));
		});
	}

	private static MillTester readings(MillTester tester) {
		return tester.given(Reading.class, new Reading(1, "a", 1), new Reading(3, "a", 3))
			.given(2, Reading.class, new Reading(1, "c", 1), new Reading(2, "c", 2));
	}

	@Test
	void eachLaneJoinsItsPartitions() {
		test(Joined.class, (tester) -> {
			readings(tester).given(Limit.class, new Limit(2, 0), new Limit(3, 0))
				.given(1, Limit.class, new Limit(1, 0))
				.given(2, Limit.class, new Limit(2, 0))
				.run();
			assertThat(tester.results(Note.class)).containsExactly(new Note(3, "a in lane 0"),
					new Note(2, "c in lane 2"));
			assertThat(tester.resultRecords("note", Note.class)).extracting(StreamRecord::partition)
				.containsExactly(0, 2);
			assertThat(tester.skipped("reading")).isEqualTo(2);
			// nobody asks for that of lane 1, which has no reading
			assertThat(tester.skipped("limit")).isEqualTo(1);
			assertThat(tester.explain("reading", 2).lines()).containsExactly("reading-2[1] (time: 2) is in a delivery");
			assertThat(tester.explain("reading", 1)).asString()
				.contains("reading-0[0]", "reading-2[0]")
				.doesNotContain("No element");
			assertThat(tester.explain("reading", 9).delivered()).isFalse();
			// another run, and as another test would find it
			assertThat(tester.run().results(Note.class)).hasSize(2);
			tester.reset();
			tester.given(Reading.class, new Reading(1, "a", 1)).given(Limit.class, new Limit(1, 0)).run();
			assertThat(tester.results(Note.class)).containsExactly(new Note(1, "a in lane 0"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "watermill.streams.limit.file=limits.jsonl", "watermill.streams.limit.broadcast=true" })
	void eachLaneReadsAllOfWhatHasOnePartition(String setting) {
		test(Joined.class, (tester) -> {
			readings(tester).given(Limit.class, new Limit(1, 0), new Limit(2, 0)).run();
			assertThat(tester.results(Note.class)).containsExactly(new Note(1, "a in lane 0"),
					new Note(1, "c in lane 2"), new Note(2, "c in lane 2"));
			assertThat(tester.explain("limit", 2).delivered()).isTrue();
			assertThatIllegalArgumentException().isThrownBy(() -> tester.given(1, Limit.class, new Limit(3, 0)))
				.withMessageContaining("'limit' has one partition");
		}, setting);
	}

	@Test
	void whatIsMergedIsOneStreamInTheOrderOfItsKey() {
		test(Joined.class, (tester) -> {
			readings(tester).given(Limit.class, new Limit(2, 0)).given(1, Limit.class, new Limit(1, 0)).run();
			assertThat(tester.results(Note.class)).containsExactly(new Note(1, "a in lane 0"),
					new Note(1, "c in lane 0"), new Note(2, "c in lane 0"));
			assertThat(tester.explain("reading", 3).lines().get(0)).startsWith("reading-0[1]");
		}, "watermill.streams.limit.topic=limits", "watermill.streams.limit.merge=true",
				"watermill.streams.reading.topic=readings", "watermill.streams.reading.merge=true");
	}

	@Test
	void crashesAreTheSameInAllLanes() {
		test(Joined.class, (tester) -> {
			readings(tester).given(Limit.class, new Limit(1, 0), new Limit(3, 0))
				.given(2, Limit.class, new Limit(1, 0), new Limit(2, 0));
			assertThat(tester.crashEverywhere().steps()).isGreaterThan(10);
		});
		test(ImpureProcessors.CountsInAField.class,
				(tester) -> assertThatExceptionOfType(AssertionError.class)
					.isThrownBy(readings(tester)::crashEverywhere)
					.withMessageStartingWith("The results differ "));
	}

	@Test
	void whatIsNotInOrderNamesItsPartition() {
		test(Joined.class,
				(tester) -> assertThat(
						tester.given(1, Reading.class, new Reading(2, "b", 0), new Reading(1, "b", 0)).runAndFail())
					.hasMessageContaining("reading-1[1]"));
	}

	@WaterMillProcessor
	static class Joined {

		Note note(Reading reading, @JoinOn("time") Map<Reading, List<Limit>> limits, MillContext context) {
			return new Note(reading.time(), reading.sensor() + " in lane " + context.lane());
		}

	}

}
