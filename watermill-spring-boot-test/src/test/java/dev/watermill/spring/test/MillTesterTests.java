package dev.watermill.spring.test;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import dev.watermill.broker.DeadLetter;
import dev.watermill.delivery.MillContext;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;
import dev.watermill.spring.file.JsonFileAutoConfiguration;
import dev.watermill.spring.mill.WaterMillAutoConfiguration;
import dev.watermill.spring.test.ImpureProcessors.Note;
import dev.watermill.spring.test.ImpureProcessors.Reading;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a tester gives to mills, and tells of them.
 */
class MillTesterTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("watermill.auto-startup=false")
		.withConfiguration(AutoConfigurations.of(WaterMillAutoConfiguration.class, JsonFileAutoConfiguration.class,
				MillTesterAutoConfiguration.class));

	@Test
	void failsWithTheMill() {
		test(Failing.class, (tester) -> {
			tester.given(Reading.class, new Reading(3, "north", 0));
			assertThatExceptionOfType(MillFailedError.class).isThrownBy(tester::run)
				.withMessageContaining("The mill 'failing' failed")
				.withMessageContaining("reading[0]")
				.withRootCauseInstanceOf(ArithmeticException.class)
				.satisfies((error) -> assertThat(error.mill()).isEqualTo("failing"));
			assertThat(tester.runAndFail()).hasRootCauseInstanceOf(ArithmeticException.class);
		});
	}

	@Test
	void expectsAFailureToCome() {
		test(Failing.class,
				(tester) -> assertThatExceptionOfType(AssertionError.class)
					.isThrownBy(tester.given(Reading.class, new Reading(3, "north", 1))::runAndFail)
					.withMessage("No mill failed"));
	}

	@Test
	void invalidElementsStopTheMillOrAreWhatSettingsMakeOfThem() {
		test(Failing.class,
				(tester) -> assertThat(tester.givenJson("reading", "{\"time\": \"soon\"}").runAndFail())
					.hasMessageContaining("reading[0]")
					.hasMessageContaining("The field 'time': expected a whole number"));
		test(Failing.class, (tester) -> {
			tester.givenJson("reading", "no JSON").given("READING", null, new Reading(0, "north", 7)).run();
			assertThat(tester.deadLetters("reading")).extracting(DeadLetter::reason)
				.containsExactly(SkipReason.INVALID, SkipReason.TOMBSTONE);
			assertThat(tester.deadLetters("reading").get(0).element().value()).asString().isEqualTo("no JSON");
			assertThat(tester.results(Note.class)).containsExactly(new Note(0, "14"));
		}, "watermill.streams.reading.on-invalid=dead-letter",
				"watermill.streams.reading.dead-letter.file=out/letters.jsonl",
				"watermill.streams.reading.file=in.jsonl");
	}

	@Test
	void runsAgainOverAllThatWasGiven() {
		test(Failing.class, (tester) -> {
			tester.given(Reading.class, new Reading(0, "north", 1)).run();
			assertThat(tester.results(Note.class)).hasSize(1);
			tester.given(Reading.class, new Reading(1, "north", 2)).run();
			assertThat(tester.results(Note.class)).containsExactly(new Note(0, "98"), new Note(1, "49"));
			tester.reset();
			assertThat(tester.results(Note.class)).isEmpty();
			assertThat(tester.run().results(Note.class)).isEmpty();
		});
	}

	@Test
	void countsWhatIsSkippedInTheLastRun() {
		test(Joined.class, (tester) -> {
			tester.given(Reading.class, new Reading(0, "north", 1), new Reading(1, "north", 2));
			tester.given("limit", new Limit(1, 5)).run();
			tester.run();
			assertThat(tester.skipped("Reading")).isEqualTo(1);
			assertThat(tester.skipped("reading", SkipReason.UNMATCHED)).isEqualTo(1);
			assertThat(tester.skipped("reading", SkipReason.INVALID)).isZero();
			assertThat(tester.skipped("limit")).isZero();
		});
	}

	@Test
	void timePassesBetweenWhatIsGiven() {
		test(ByTheClock.class, (tester) -> {
			tester.given(Reading.class, new Reading(0, "a", 0), new Reading(1, "b", 0));
			tester.clock().advance(Duration.ofSeconds(19));
			tester.given(Reading.class, new Reading(2, "c", 0));
			tester.clock().advance(Duration.ofSeconds(1));
			tester.given(Reading.class, new Reading(3, "d", 0)).run();
			assertThat(tester.results(Note.class)).extracting(Note::text).containsExactly("abc", "d");
			assertThat(tester.clock().instant()).isEqualTo(Instant.parse("2026-01-01T00:00:20Z"));
		});
	}

	@Test
	void aFunctionCanAskTheClock() {
		test(AsksAClock.class, (tester) -> {
			tester.clock().advance(Duration.ofHours(1));
			tester.given(Reading.class, new Reading(0, "a", 0)).run();
			assertThat(tester.results(Note.class)).extracting(Note::text).containsExactly("2026-01-01T01:00:00Z");
		});
	}

	@Test
	void optionalMatchesMayLack() {
		test(Optionally.class, (tester) -> {
			tester.given(Reading.class, new Reading(0, "north", 1), new Reading(1, "north", 2))
				.given(Limit.class, new Limit(1, 5))
				.run();
			assertThat(tester.resultsAsJson("note")).containsExactly("{\"time\":0,\"text\":\"none\"}",
					"{\"time\":1,\"text\":\"5\"}");
		});
	}

	@Test
	void recordsHaveMoreThanValues() {
		test(OfRecords.class, (tester) -> {
			tester.given("reading",
					StreamRecord.of(new Reading(0, "a", 7))
						.withKey("k1")
						.withHeader("site", "north")
						.withTimestamp(Instant.parse("2026-02-03T04:05:06Z")),
					new Reading(1, "b", 8));
			tester.given("limit", StreamRecord.of(new Limit(1, 5)).withKey("k1")).run();
			assertThat(tester.resultRecords("note", Note.class))
				.containsExactly(StreamRecord.of(new Note(0, "k1 north 2026-02-03T04:05:06Z [Limit[time=1, value=5]]"))
					.withKey("0"));
			assertThat(tester.explain("reading", "k1").delivered()).isTrue();
		}, "watermill.streams.reading.on-invalid=skip", "watermill.streams.note.key=time");
	}

	@Test
	void settingsOfPlacesMeanNothingAndOthersStay() {
		test(Joined.class, (tester) -> {
			tester.given(Reading.class, new Reading(5, "a", 1), new Reading(1, "b", 2))
				.given("limit", new Limit(5, 7))
				.run();
			assertThat(tester.results(Note.class)).containsExactly(new Note(5, "[Limit[time=5, value=7]]"));
		}, "watermill.kafka.group-id-prefix=robots", "watermill.mills.joined.start-from=latest",
				"watermill.mills.joined.data-timeout=1m", "watermill.mills.joined.hand-over-timeout=5s",
				"watermill.mills.other.concurrency=4", "watermill.streams.reading.topic=readings",
				"watermill.streams.reading.deserializer=none", "watermill.streams.reading.on-data-loss=earliest",
				"watermill.streams.reading.reorder.by=time", "watermill.streams.reading.reorder.within=10",
				"watermill.streams.limit.topics[0]=eu", "watermill.streams.limit.topics[1]=us",
				"watermill.streams.note.topic=notes", "watermill.streams.note.partition-by=key",
				"watermill.streams.note.key=time", "watermill.streams.other.file=other.json",
				"watermill.console.base-path=/mills", "watermill.state-dir=/nowhere");
	}

	@Test
	void namesWhatIsThere() {
		test(Joined.class, (tester) -> {
			assertThatIllegalArgumentException().isThrownBy(() -> tester.given("limits", 1))
				.withMessage(
						"No stream 'limits' is read by the mills. Did you mean 'limit'? Those that are read: limit, "
								+ "reading");
			assertThatIllegalArgumentException().isThrownBy(() -> tester.given(String.class, "x"))
				.withMessage("No stream of String is read by the mills. Those that are read: limit, reading");
			assertThatIllegalArgumentException().isThrownBy(() -> tester.results(Reading.class))
				.withMessage("No stream of Reading is written by the mills. Those that are written: note");
		});
	}

	@Test
	void twoNamesOfOneTopicAreGivenElementsOnce() {
		test(Joined.class, (tester) -> {
			tester.given("reading", new Reading(1, "a", 2));
			assertThatIllegalArgumentException().isThrownBy(() -> tester.given("limit", new Limit(1, 2)))
				.withMessageContaining("'reading' and 'limit' live in one place");
			assertThat(tester.run().results(Note.class)).containsExactly(new Note(1, "[Limit[time=1, value=2]]"));
		}, "watermill.streams.reading.topic=t", "watermill.streams.limit.topic=t");
	}

	@Test
	void aTestOnKafkaSaysWhatIsMissing() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.kafka", "org.apache.kafka"))
			.withConfiguration(AutoConfigurations.of(MissingKafkaMillTesterAutoConfiguration.class))
			.withPropertyValues("spring.test.watermill.broker=kafka")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("add spring-boot-starter-kafka to the application"));
	}

	@Test
	void hasMillsToRun() {
		test(Object.class, (tester) -> assertThatIllegalStateException().isThrownBy(tester::run)
			.withMessageStartingWith("There is no mill to run: name the classes of processors in @WaterMillTest"));
	}

	private void test(Class<?> processor, Consumer<MillTester> test, String... properties) {
		this.runner.withUserConfiguration(processor).withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context.getBean(MillTester.class));
		});
	}

	record Limit(long time, long value) {

	}

	@WaterMillProcessor("failing")
	static class Failing {

		Note note(Reading reading) {
			return new Note(reading.time(), String.valueOf(98 / reading.value()));
		}

	}

	@WaterMillProcessor
	static class Joined {

		Note note(Reading reading, @JoinOn("time") Map<Reading, List<Limit>> limits) {
			return new Note(reading.time(), limits.get(reading).toString());
		}

	}

	@WaterMillProcessor
	static class OfRecords {

		Note note(Reading reading, @JoinOn("#key") Map<Reading, List<Limit>> limits, MillContext context) {
			String site = new String(context.headers().getOrDefault("site", new byte[0]), StandardCharsets.UTF_8);
			String key = new String(context.recordKey(), StandardCharsets.UTF_8);
			return new Note(reading.time(), key + " " + site + " " + context.timestamp() + " " + limits.get(reading));
		}

	}

	@WaterMillProcessor
	static class Optionally {

		Note note(Reading reading, @JoinOn("time") Optional<Limit> limit) {
			return new Note(reading.time(), limit.map((found) -> String.valueOf(found.value())).orElse("none"));
		}

	}

	@WaterMillProcessor
	static class ByTheClock {

		Note note(@WindowBy(every = "20s") List<Reading> readings, MillContext context) {
			return new Note(readings.get(0).time(), String.join("", readings.stream().map(Reading::sensor).toList()));
		}

	}

	@WaterMillProcessor
	static class AsksAClock {

		Note note(Reading reading, MillTester tester) {
			Clock clock = tester.clock();
			return new Note(reading.time(), clock.instant().toString());
		}

	}

}
