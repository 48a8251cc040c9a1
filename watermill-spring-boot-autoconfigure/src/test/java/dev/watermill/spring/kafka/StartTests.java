package dev.watermill.spring.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.diagnostics.MillConfigurationException;
import dev.watermill.spring.health.MillsHealthIndicator;
import dev.watermill.spring.health.MillsHealthProperties;
import dev.watermill.spring.mill.Mills;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What happens at start, by what is there: a nested class for each row of the table in
 * the documentation.
 */
class StartTests {

	private static final Path DOCUMENTATION = Path.of("../docs/configuration.md");

	private static final String EOS = TestTopics.EOS;

	@TempDir
	Path directory;

	private final TestTopics topics = new TestTopics();

	private final List<String> properties = new ArrayList<>();

	@BeforeEach
	void begin() {
		Copy.called.clear();
		Copy.gate = new CountDownLatch(0);
	}

	@AfterEach
	void letGo() {
		Copy.gate.countDown();
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

	private static String element(long time) {
		return "{\"time\":" + time + "}";
	}

	private static String lines(long... times) {
		StringBuilder lines = new StringBuilder();
		for (long time : times) {
			lines.append(element(time)).append('\n');
		}
		return lines.toString();
	}

	private void set(String... values) {
		Collections.addAll(this.properties, values);
	}

	private void bind(String stream, String file) {
		set("watermill.streams." + stream + ".file=" + file(file));
	}

	/**
	 * Write the input and bind it, and the output.
	 */
	private void files(String input, String text, String output) {
		MillsRunner.write(file(input), text);
		bind("a", input);
		bind("b", output);
	}

	private void topics(String... streams) {
		for (String stream : streams) {
			set(this.topics.bound(stream));
		}
	}

	private ApplicationContextRunner application(Class<?>... processors) {
		boolean kafka = this.properties.stream().anyMatch((property) -> property.contains(".topic="));
		ApplicationContextRunner runner = kafka
				? MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
					.withPropertyValues("spring.application.name=" + this.topics.name("application"))
				: MillsRunner.runner(this.directory);
		return runner.withUserConfiguration((processors.length > 0) ? processors : new Class<?>[] { Copy.class })
			.withPropertyValues(this.properties.toArray(String[]::new));
	}

	private void start(ContextConsumer<AssertableApplicationContext> then, String... more) {
		application().withPropertyValues(more).run(then);
	}

	/**
	 * Start an application which comes up, and whose mill ends.
	 */
	private void ends(MillState state, int exitCode, String... more) {
		start((context) -> isOver(context, state, exitCode), more);
	}

	private static void isOver(ApplicationContext context, MillState state, int exitCode) {
		Mill mill = MillsRunner.await(context, "copy");
		assertThat(mill.state()).as(mill.status().toString()).isEqualTo(state);
		assertThat(context.getBean(ExitCodeGenerator.class).getExitCode()).isEqualTo(exitCode);
	}

	private void fails(String... words) {
		start((context) -> {
			isOver(context, MillState.FAILED, 1);
			assertThat(MillsRunner.mill(context, "copy").status().lastError().message()).contains(words);
			assertThat(health(context)).isEqualTo(Status.DOWN);
		});
	}

	/**
	 * Start an application which does not come up, and says why.
	 */
	private void isRefused(String... words) {
		start((context) -> {
			assertThat(context).hasFailed();
			Throwable failure = context.getStartupFailure();
			while (failure != null && !(failure instanceof MillConfigurationException)) {
				failure = failure.getCause();
			}
			assertThat(failure).as("cause of " + context.getStartupFailure()).isNotNull();
			assertThat(failure.getMessage() + " " + ((MillConfigurationException) failure).getAction()).contains(words);
		});
	}

	private static Status health(ApplicationContext context) {
		return new MillsHealthIndicator(context.getBean(Mills.class), new MillsHealthProperties()).health().getStatus();
	}

	/**
	 * Await that the mill waits for something, and does so by the rules.
	 */
	private static void waitsFor(ApplicationContext context, String... words) {
		Mill mill = MillsRunner.mill(context, "copy");
		await().untilAsserted(() -> assertThat(mill.status().unavailable()).isNotNull().contains(words));
		assertThat(mill.state()).isEqualTo(MillState.STARTING);
		assertThat(health(context)).isEqualTo(Status.OUT_OF_SERVICE);
	}

	private static void isRunning(ApplicationContext context) {
		Mill mill = MillsRunner.mill(context, "copy");
		await().untilAsserted(() -> assertThat(mill.state()).isEqualTo(MillState.RUNNING));
	}

	@Test
	void everyRowOfTheTableIsTested() throws IOException {
		String text = Files.readString(DOCUMENTATION);
		String table = text.substring(text.indexOf("| There is | What happens |"));
		List<String> rows = table.substring(0, table.indexOf("\n\n"))
			.lines()
			.skip(2)
			.map((row) -> row.split("\\|")[1].strip())
			.toList();
		assertThat(Stream.of(StartTests.class.getDeclaredClasses())
			.filter((type) -> type.isAnnotationPresent(Nested.class))
			.map((type) -> type.getAnnotation(DisplayName.class).value())).containsExactlyInAnyOrderElementsOf(rows);
	}

	@Nested
	@DisplayName("no input file")
	class NoInputFile {

		@Test
		void isRefusedByItsName() {
			bind("a", "a.json");
			bind("b", "b.json");
			isRefused("mill 'copy'", "stream 'a'", file("a.json").toString(), "does not exist", "Put it there",
					"watermill.streams.a.file");
			assertThat(file("b.json")).doesNotExist();
		}

		@Test
		void isWaitedForWhereAnotherMillWritesIt() {
			files("c.json", "[" + element(1) + "]", "b.json");
			bind("c", "c.json");
			bind("a", "a.json");
			Copy.gate = new CountDownLatch(1);
			application(Copy.class, Before.class).run((context) -> {
				Mill mill = MillsRunner.mill(context, "copy");
				await().untilAsserted(() -> assertThat(mill.status().detail()).contains("before"));
				assertThat(mill.state()).isEqualTo(MillState.STARTING);
				assertThat(health(context)).isEqualTo(Status.UP);
				Copy.gate.countDown();
				isOver(context, MillState.COMPLETED, 0);
			});
			assertThat(file("b.json")).content().isEqualToIgnoringWhitespace("[" + element(1) + "]");
		}

	}

	@Nested
	@DisplayName("an input that is no JSON, or no gzip")
	class NoJson {

		@Test
		void isRefusedByItsName() {
			files("a.csv", "time\n1\n", "b.json");
			isRefused("stream 'a'", "a.csv", ".jsonl", "watermill.streams.a");
		}

		@Test
		void isRefusedByItsFirstBytes() throws IOException {
			files("a.json", "", "b.json");
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
				gzip.write("[]".getBytes(StandardCharsets.UTF_8));
			}
			Files.write(file("a.json"), bytes.toByteArray());
			isRefused("stream 'a'", "a.json", "gzip", ".gz");
		}

		@Test
		void isRefusedByItsEncoding() throws IOException {
			files("a.json", "", "b.json");
			Files.writeString(file("a.json"), "[" + element(1) + "]", StandardCharsets.UTF_16);
			isRefused("stream 'a'", "a.json", "UTF-16", "iconv");
		}

		@Test
		void isRefusedByItsFirstBytesThatAreNoGzip() {
			files("a.json.gz", "[" + element(1) + "]", "b.json");
			isRefused("stream 'a'", "a.json.gz", "not in gzip format");
		}

		@Test
		void failsTheMillAtTheElement() {
			files("a.jsonl", lines(1) + "time 2\n", "b.jsonl");
			fails("stream 'a'", "a.jsonl:2", "Not JSON", "Correct the element", "on-invalid");
			assertThat(file("b.jsonl")).hasContent(lines(1));
		}

	}

	@Nested
	@DisplayName("no input topic, or no broker")
	class NoInputTopic {

		@Test
		void isWaitedFor() {
			topics("a", "b");
			start((context) -> {
				waitsFor(context, StartTests.this.topics.name("a"), "does not exist yet", "Create it");
				StartTests.this.topics.write("a", element(1), EOS);
				isOver(context, MillState.COMPLETED, 0);
			});
		}

		@Test
		void isWaitedForWithoutABroker() {
			topics("a", "b");
			// how many partitions the output needs is said by the input
			start((context) -> waitsFor(context, StartTests.this.topics.name("a"), "Kafka does not answer"),
					"spring.kafka.bootstrap-servers=localhost:1");
		}

	}

	@Nested
	@DisplayName("a setting that Kafka's clients refuse")
	class RefusedSetting {

		@Test
		void isRefusedByItsProperty() {
			topics("a", "b");
			set("spring.kafka.consumer.properties.session.timeout.ms=200");
			isRefused("stream 'a'", "Kafka's clients refuse", "spring.kafka.consumer.properties.session.timeout.ms");
		}

	}

	@Nested
	@DisplayName("no output file, or no directory for it")
	class NoOutputFile {

		@Test
		void isMade() {
			files("a.json", "[" + element(1) + "]", "there/is/none/b.jsonl");
			ends(MillState.COMPLETED, 0);
			assertThat(file("there/is/none/b.jsonl")).hasContent(lines(1));
		}

	}

	@Nested
	@DisplayName("an output `.json`")
	class OutputArray {

		@Test
		void staysUntilTheMillCompletes() {
			files("a.json", "[" + element(1) + "]", "b.json");
			MillsRunner.write(file("b.json"), "somebody's");
			Copy.gate = new CountDownLatch(1);
			start((context) -> {
				await().until(() -> Copy.called.contains(1L));
				assertThat(file("b.json")).hasContent("somebody's");
				Copy.gate.countDown();
				isOver(context, MillState.COMPLETED, 0);
			});
			assertThat(file("b.json")).content().isEqualToIgnoringWhitespace("[" + element(1) + "]");
		}

	}

	@Nested
	@DisplayName("an output `.jsonl` of this mill that is not finished")
	class UnfinishedOutput {

		@Test
		void isGoneOnWithBehindWhatIsCommitted() {
			files("a.jsonl", lines(1) + "{\"time\":\"?\"}\n", "b.jsonl");
			ends(MillState.FAILED, 1);
			MillsRunner.write(file("a.jsonl"), lines(1, 2));
			// What a crash left behind the last commit
			MillsRunner.write(file("b.jsonl"), lines(1) + "{\"ti");
			Copy.called.clear();
			ends(MillState.COMPLETED, 0);
			assertThat(file("b.jsonl")).hasContent(lines(1, 2));
			assertThat(Copy.called).containsExactly(2L);
		}

	}

	@Nested
	@DisplayName("an output `.jsonl` of this mill that is finished")
	class FinishedOutput {

		@Test
		void isReplacedByAMillOfFiles() {
			files("a.jsonl", lines(1, 2), "b.jsonl");
			ends(MillState.COMPLETED, 0);
			MillsRunner.write(file("a.jsonl"), lines(1, 3));
			ends(MillState.COMPLETED, 0);
			assertThat(file("b.jsonl")).hasContent(lines(1, 3));
		}

		@Test
		void isGoneOnWithFromATopic() {
			topics("a");
			bind("b", "b.jsonl");
			StartTests.this.topics.write("a", element(1), EOS);
			ends(MillState.COMPLETED, 0);
			StartTests.this.topics.append("a", element(2), EOS);
			ends(MillState.COMPLETED, 0);
			assertThat(file("b.jsonl")).hasContent(lines(1, 2));
		}

	}

	@Nested
	@DisplayName("an output file without `{lane}` in its name, and topics of several partitions")
	class OneFileForSeveralLanes {

		@BeforeEach
		@SuppressWarnings("unchecked")
		void write() {
			topics("a");
			StartTests.this.topics.create("a", 2);
			String topic = StartTests.this.topics.name("a");
			StartTests.this.topics.send(new ProducerRecord<>(topic, 0, (String) null, element(1)),
					new ProducerRecord<>(topic, 1, (String) null, element(2)),
					new ProducerRecord<>(topic, 0, (String) null, EOS),
					new ProducerRecord<>(topic, 1, (String) null, EOS));
		}

		@Test
		void failsTheMill() {
			bind("b", "b.jsonl");
			fails("'b'", "b.jsonl", "{lane}");
			assertThat(file("b.jsonl")).doesNotExist();
		}

		@Test
		void isAFileForEachWithIt() {
			bind("b", "b-{lane}.jsonl");
			ends(MillState.COMPLETED, 0);
			assertThat(file("b-0.jsonl")).hasContent(lines(1));
			assertThat(file("b-1.jsonl")).hasContent(lines(2));
		}

	}

	@Nested
	@DisplayName("an output `.jsonl` of somebody else")
	class OutputOfSomebodyElse {

		@BeforeEach
		void write() {
			files("a.jsonl", lines(1), "b.jsonl");
			MillsRunner.write(file("b.jsonl"), "somebody's");
		}

		@Test
		void failsTheMillAndIsNotTouched() {
			fails("Stream 'b'", "b.jsonl", "is there already", "Move it away", "'overwrite'");
			assertThat(file("b.jsonl")).hasContent("somebody's");
			assertThat(Copy.called).isEmpty();
		}

		@Test
		void isReplacedIfThatIsAskedFor() {
			ends(MillState.COMPLETED, 0, "watermill.streams.b.overwrite=true");
			assertThat(file("b.jsonl")).hasContent(lines(1));
		}

	}

	@Nested
	@DisplayName("an output `.jsonl` that has another name (a hard link)")
	class OutputOfTwoNames {

		@Test
		void isRefusedAndNotTouched() throws IOException {
			files("a.jsonl", lines(1), "b.jsonl");
			MillsRunner.write(file("other.jsonl"), lines(9));
			Files.createLink(file("b.jsonl"), file("other.jsonl"));
			isRefused("'b'", "b.jsonl", "2 names (hard links)", "a copy of its own");
			assertThat(file("other.jsonl")).hasContent(lines(9));
		}

	}

	@Nested
	@DisplayName("another first output than before, of a mill that has not completed")
	class OtherFirstOutput {

		@Test
		void isGoneOnWithFromItsPositions() {
			files("a.jsonl", lines(1) + "{\"time\":\"?\"}\n", "b.jsonl");
			ends(MillState.FAILED, 1);
			MillsRunner.write(file("a.jsonl"), lines(1, 2));
			bind("b", "other.jsonl");
			ends(MillState.COMPLETED, 0);
			assertThat(file("b.jsonl")).hasContent(lines(1));
			assertThat(file("other.jsonl")).hasContent(lines(2));
		}

	}

	@Nested
	@DisplayName("an output that another instance writes")
	class OutputOfAnotherInstance {

		@Test
		void stopsTheSecondInstance() {
			files("a.jsonl", lines(1), "b.jsonl");
			Copy.gate = new CountDownLatch(1);
			start((first) -> {
				await().until(() -> Copy.called.contains(1L));
				start((second) -> {
					isOver(second, MillState.STOPPED, 2);
					assertThat(MillsRunner.mill(second, "copy").status().unavailable()).contains("another");
					assertThat(health(second)).isEqualTo(Status.OUT_OF_SERVICE);
				});
				Copy.gate.countDown();
				isOver(first, MillState.COMPLETED, 0);
			});
			assertThat(file("b.jsonl")).hasContent(lines(1));
		}

		@Test
		void stopsTheOlderOneWhereATopicIsWrittenToo() {
			topics("a", "b");
			bind("c", "c.jsonl");
			StartTests.this.topics.write("a", element(1));
			application(CopyTwice.class).run((first) -> {
				isRunning(first);
				await()
					.until(() -> Files.exists(file("c.jsonl")) && MillsRunner.read(file("c.jsonl")).equals(lines(1)));
				application(CopyTwice.class).run((second) -> {
					await().until(() -> MillsRunner.mill(second, "copy").lanes().size() == 1);
					StartTests.this.topics.append("a", element(2));
					isOver(first, MillState.STOPPED, 2);
					assertThat(MillsRunner.mill(first, "copy").status().unavailable()).contains("another instance");
					StartTests.this.topics.append("a", EOS);
					isOver(second, MillState.COMPLETED, 0);
				});
			});
			assertThat(file("c.jsonl")).hasContent(lines(1, 2));
			assertThat(StartTests.this.topics.read("b")).containsExactly(element(1), element(2), EOS);
		}

	}

	@Nested
	@DisplayName("no output topic")
	class NoOutputTopic {

		@BeforeEach
		void write() {
			topics("a", "b");
			StartTests.this.topics.write("a", element(1), EOS);
		}

		@Test
		void isMade() throws Exception {
			ends(MillState.COMPLETED, 0);
			String name = StartTests.this.topics.name("b");
			Admin admin = StartTests.this.topics.all().admin();
			assertThat(admin.describeTopics(List.of(name)).allTopicNames().get().get(name).partitions()).hasSize(1);
			assertThat(StartTests.this.topics.read("b")).containsExactly(element(1), EOS);
		}

		@Test
		void isWaitedForWhereNoneAreMade() {
			start((context) -> {
				waitsFor(context, StartTests.this.topics.name("b"), "does not exist yet", "Create it");
				StartTests.this.topics.create("b");
				isOver(context, MillState.COMPLETED, 0);
			}, "watermill.kafka.create-topics=false");
		}

	}

	@Nested
	@DisplayName("topics with unequal numbers of partitions")
	class UnequalTopics {

		@Test
		void failTheMill() {
			topics("a", "next", "b");
			StartTests.this.topics.create("a", 2);
			StartTests.this.topics.create("next", 3);
			application(Join.class).run((context) -> {
				isOver(context, MillState.FAILED, 1);
				assertThat(MillsRunner.mill(context, "copy").status().lastError().message()).contains(
						"'a' (topic " + StartTests.this.topics.name("a") + ") has 2",
						"'next' (topic " + StartTests.this.topics.name("next") + ") has 3", "merge: true");
			});
		}

	}

	@Nested
	@DisplayName("an output topic with records, and no positions")
	class OutputTopicWithoutPositions {

		@BeforeEach
		void write() {
			topics("a", "b");
			StartTests.this.topics.write("a", element(1), EOS);
			StartTests.this.topics.write("b", element(0));
		}

		@Test
		void failsTheMill() {
			fails(StartTests.this.topics.name("b"), "start-from");
			assertThat(StartTests.this.topics.read("b")).containsExactly(element(0));
		}

		@Test
		void isGoneOnWithWhereItIsSaidFromWhere() {
			ends(MillState.COMPLETED, 0, "watermill.mills.copy.start-from=earliest");
			assertThat(StartTests.this.topics.read("b")).containsExactly(element(0), element(1), EOS);
		}

	}

	@Nested
	@DisplayName("a checkpoint whose input or output is another file now")
	class OtherFile {

		@BeforeEach
		void stopMidway() {
			files("a.jsonl", lines(1) + "{\"time\":\"?\"}\n", "b.jsonl");
			ends(MillState.FAILED, 1);
		}

		@Test
		void failsTheMillWithAnotherInput() {
			MillsRunner.write(file("other.jsonl"), lines(5, 6));
			set("watermill.streams.a.file=" + file("other.jsonl"));
			fails("other.jsonl", "is a different file", "a.jsonl", "watermill.reset=copy");
			ends(MillState.COMPLETED, 0, "watermill.reset=copy");
			assertThat(file("b.jsonl")).hasContent(lines(5, 6));
		}

		@Test
		void failsTheMillWithAnotherOutput() {
			MillsRunner.write(file("a.jsonl"), lines(1, 2));
			MillsRunner.write(file("b.jsonl"), lines(9));
			fails("Stream 'b'", "b.jsonl", "is not what it was", "reset");
			ends(MillState.COMPLETED, 0, "watermill.reset=copy");
			assertThat(file("b.jsonl")).hasContent(lines(1, 2));
		}

	}

	@WaterMillProcessor("copy")
	static class Copy {

		static final List<Long> called = Collections.synchronizedList(new ArrayList<>());

		static volatile CountDownLatch gate = new CountDownLatch(0);

		@ToStream("b")
		A copy(A a) throws InterruptedException {
			called.add(a.time());
			gate.await();
			return a;
		}

	}

	@WaterMillProcessor("before")
	static class Before {

		@ToStream("a")
		A write(C c) throws InterruptedException {
			Copy.gate.await();
			return new A(c.time());
		}

	}

	@WaterMillProcessor("copy")
	static class CopyTwice {

		List<Result> copy(A a) {
			return List.of(new B(a.time()), new C(a.time()));
		}

	}

	sealed interface Result permits B, C {

	}

	record A(long time) {

	}

	record B(long time) implements Result {

	}

	record C(long time) implements Result {

	}

	@WaterMillProcessor("copy")
	static class Join {

		@ToStream("b")
		A join(@FromStream("a") A from, @JoinOn("time") @FromStream("next") Map<A, A> next) {
			return next.get(from);
		}

	}

}
