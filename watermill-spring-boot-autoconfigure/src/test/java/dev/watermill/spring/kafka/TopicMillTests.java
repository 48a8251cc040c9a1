package dev.watermill.spring.kafka;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.watermill.Mill;
import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.codec.StrictJson;
import dev.watermill.delivery.MillContext;
import dev.watermill.delivery.Result;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.kafka.fixture.spring.KafkaServiceConnection;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;
import dev.watermill.stream.RecordHeader;
import dev.watermill.stream.RecordKey;
import dev.watermill.stream.RecordTimestamp;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.kafka.autoconfigure.DefaultKafkaConsumerFactoryCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Mills from topic to topic, with everything that Spring does in between.
 */
class TopicMillTests {

	private static final String EOS = TestTopics.EOS;

	/** Not so long ago that the broker would delete it. */
	private static final Instant TIME = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MILLIS);

	@TempDir
	Path directory;

	private final TestTopics topics = new TestTopics();

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		this.runner = MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
			.withPropertyValues(this.topics.bound("a"), this.topics.bound("b"), this.topics.bound("c"));
	}

	private void complete(ApplicationContextRunner application, String mill) {
		application.run((context) -> {
			assertThat(context).hasNotFailed();
			Mill awaited = MillsRunner.await(context, mill);
			assertThat(awaited.state()).as(String.valueOf(awaited.status().lastError())).isEqualTo(MillState.COMPLETED);
		});
	}

	private void complete(Class<?> processor, String... properties) {
		complete(this.runner.withUserConfiguration(processor).withPropertyValues(properties), "mill");
	}

	@Test
	void joinsATopicWithItself() {
		this.topics.write("a", "{\"time\":0,\"name\":\"x\"}", "{\"time\":10,\"name\":\"y\"}",
				"{\"time\":20,\"name\":\"z\"}", EOS);
		complete(SelfJoin.class, this.topics.bound("next", "a"));
		assertThat(this.topics.read("b")).containsExactly("{\"time\":0,\"name\":\"xy\"}",
				"{\"time\":10,\"name\":\"yz\"}", EOS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "dev.watermill.spring.kafka.TopicMillTests$Reading" })
	void fetchesATopicThatTwoStreamsOfOneTypeReadOnce(String deserializer) {
		this.topics.write("a", "{\"time\":0,\"name\":\"x\"}", "{\"time\":10,\"name\":\"y\"}", EOS);
		List<String> names = new CopyOnWriteArrayList<>();
		complete(this.runner.withUserConfiguration(SelfJoin.class)
			.withBean(DefaultKafkaConsumerFactoryCustomizer.class,
					() -> (factory) -> factory.addPostProcessor((consumer) -> {
						names.add(ClientNames.listened(consumer.metrics().keySet()).replaceAll(".*-mill-", ""));
						return consumer;
					}))
			.withPropertyValues(this.topics.bound("next", "a"),
					deserializer.isEmpty() ? "none=" : "watermill.streams.a.deserializer=" + deserializer,
					deserializer.isEmpty() ? "none=" : "watermill.streams.next.deserializer=" + deserializer),
				"mill");
		assertThat(this.topics.read("b")).containsExactly("{\"time\":0,\"name\":\"xy\"}", EOS);
		assertThat(names).contains("a-0").doesNotContain("next-0");
	}

	@Test
	void connectsThroughAServiceConnection() {
		this.topics.write("a", "{\"time\":0,\"name\":\"x\"}", EOS);
		complete(this.runner.withUserConfiguration(KafkaServiceConnection.class, Copy.class)
			.withPropertyValues("spring.kafka.bootstrap-servers=nowhere:1"), "mill");
		assertThat(this.topics.read("b")).containsExactly("{\"time\":0,\"name\":\"x\"}", EOS);
	}

	@Test
	void cutsATopicIntoWindows() {
		this.topics.write("a", "{\"time\":1,\"name\":\"x\"}", "{\"time\":9,\"name\":\"y\"}",
				"{\"time\":10,\"name\":\"z\"}", EOS);
		complete(Windows.class);
		assertThat(this.topics.read("b")).containsExactly("{\"time\":0,\"name\":\"xy\"}", "{\"time\":1,\"name\":\"z\"}",
				EOS);
	}

	@Test
	void readsSeveralTopicsAsOneStream() {
		this.topics.write("a", "{\"time\":1,\"name\":\"x\"}", "{\"time\":12,\"name\":\"z\"}", EOS);
		this.topics.write("c", "{\"time\":2,\"name\":\"y\"}", EOS);
		complete(Windows.class, "watermill.streams.a.topic=",
				"watermill.streams.a.topics=" + this.topics.name("a") + ", " + this.topics.name("c") + "*");
		assertThat(this.topics.read("b")).containsExactly("{\"time\":0,\"name\":\"xy\"}", "{\"time\":1,\"name\":\"z\"}",
				EOS);
	}

	@Test
	void mergesTheFilesOfAPattern() {
		MillsRunner.write(this.directory.resolve("a-1.jsonl"),
				"{\"time\":1,\"name\":\"x\"}\n{\"time\":12,\"name\":\"z\"}\n");
		MillsRunner.write(this.directory.resolve("a-2.jsonl"), "{\"time\":2,\"name\":\"y\"}\n");
		complete(Windows.class, "watermill.streams.a.topic=", "watermill.streams.a.merge=true",
				"watermill.streams.a.file=" + this.directory.resolve("a-*.jsonl"));
		assertThat(this.topics.read("b")).containsExactly("{\"time\":0,\"name\":\"xy\"}", "{\"time\":1,\"name\":\"z\"}",
				EOS);
	}

	@Test
	void joinsAFileWithATopic() {
		MillsRunner.write(this.directory.resolve("a.jsonl"), "{\"time\":1,\"name\":\"x\"}\n");
		this.topics.write("next", "{\"time\":11,\"name\":\"y\"}", EOS);
		complete(SelfJoin.class, "watermill.streams.a.topic=",
				"watermill.streams.a.file=" + this.directory.resolve("a.jsonl"), this.topics.bound("next"));
		assertThat(this.topics.read("b")).containsExactly("{\"time\":1,\"name\":\"xy\"}", EOS);
	}

	@Test
	void readsATopicOfAnotherCluster() {
		this.topics.write("a", "{\"time\":1,\"name\":\"x\"}", EOS);
		complete(this.runner.withUserConfiguration(OtherCluster.class, Copy.class)
			.withPropertyValues("watermill.streams.a.topic=", "watermill.streams.a.broker=otherCluster",
					"watermill.streams.a.properties.topic=" + this.topics.name("a")),
				"mill");
		assertThat(this.topics.read("b")).containsExactly("{\"time\":1,\"name\":\"x\"}", EOS);
	}

	@Test
	void writesATopicToAFile() {
		this.topics.write("a", "{\"time\":1,\"name\":\"x\"}", EOS);
		Path file = this.directory.resolve("b.json");
		complete(Copy.class, "watermill.streams.b.topic=", "watermill.streams.b.file=" + file);
		assertThat(MillsRunner.read(file)).isEqualToIgnoringWhitespace("[{\"time\":1,\"name\":\"x\"}]");
	}

	@Test
	void runsBothMillsOfAPipelineAtOnce() {
		this.topics.create("a");
		this.runner.withUserConfiguration(Copy.class, Next.class).run((context) -> {
			this.topics.append("a", "{\"time\":1,\"name\":\"x\"}");
			await()
				.untilAsserted(() -> assertThat(this.topics.read("c")).containsExactly("{\"time\":1,\"name\":\"x\"}"));
			assertThat(MillsRunner.mill(context, "next").status().detail()).isNull();
			this.topics.append("a", EOS);
			assertThat(MillsRunner.await(context, "next").state()).isEqualTo(MillState.COMPLETED);
			assertThat(this.topics.read("c")).hasSize(2).endsWith(EOS);
		});
	}

	@Test
	void goesOnWhereItWas() {
		this.topics.write("a", "{\"time\":1,\"name\":\"x\"}");
		ApplicationContextRunner application = this.runner.withUserConfiguration(Copy.class);
		application.run((context) -> await().untilAsserted(() -> assertThat(this.topics.read("b")).hasSize(1)));
		this.topics.append("a", "{\"time\":2,\"name\":\"y\"}", EOS);
		complete(application, "mill");
		assertThat(this.topics.read("b")).containsExactly("{\"time\":1,\"name\":\"x\"}", "{\"time\":2,\"name\":\"y\"}",
				EOS);
	}

	@Test
	void givesRecordsTheKeyOfTheSettings() {
		this.topics.write("a", "{\"time\":1,\"name\":\"x\"}", EOS);
		complete(Copy.class, "watermill.streams.b.key=name");
		assertThat(this.topics.records("b")).extracting(ConsumerRecord::key).containsExactly("x", "eos__");
	}

	@Test
	void givesRecordsWhatTheResultSays() {
		this.topics.write("a", "{\"time\":1,\"name\":\"x\"}", EOS);
		complete(Described.class, "watermill.streams.b.key=time");
		List<ConsumerRecord<String, String>> records = this.topics.records("b");
		assertThat(records).extracting(ConsumerRecord::value)
			.containsExactly("{\"time\":1,\"name\":\"x\"}", "{\"time\":2,\"name\":\"x\"}", EOS);
		assertThat(records).extracting(ConsumerRecord::key).containsExactly("own", "2", "eos__");
		assertThat(records.get(0).timestamp()).isEqualTo(TIME.toEpochMilli());
		assertThat(records.get(1).timestamp()).isGreaterThan(TIME.toEpochMilli());
		assertThat(header(records.get(0), "kind")).isEqualTo("copy");
		assertThat(records.get(1).headers()).isEmpty();
	}

	private static String header(ConsumerRecord<?, ?> message, String name) {
		return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
	}

	@Test
	void showsTheFunctionWhatIsKnownOfARecordAndHandsTracesOn() {
		this.topics.create("a");
		ProducerRecord<String, String> traced = new ProducerRecord<>(this.topics.name("a"), null, TIME.toEpochMilli(),
				"its key", "{\"time\":1,\"name\":\"x\"}");
		traced.headers().add("traceparent", "00-1-2-01".getBytes(StandardCharsets.UTF_8));
		traced.headers().add("origin", "here".getBytes(StandardCharsets.UTF_8));
		this.topics.send(traced);
		this.topics.append("a", EOS);
		complete(Curious.class);
		List<ConsumerRecord<String, String>> records = this.topics.records("b");
		assertThat(records.get(0).value()).isEqualTo("{\"time\":1,\"name\":\"here 0:0 " + TIME + " its key\"}");
		assertThat(header(records.get(0), "traceparent")).isEqualTo("00-1-2-01");
		assertThat(records.get(0).headers().lastHeader("origin")).isNull();
	}

	@Test
	void joinsByWhatRecordsHaveBesidesTheirValues() {
		this.topics.write("a", "{\"time\":1,\"name\":\"x\"}", "{\"time\":1,\"name\":\"y\"}",
				"{\"time\":4,\"name\":\"z\"}", EOS);
		this.topics.create("c");
		this.topics.send(keyed("c", "1", "one"), keyed("c", "2", "two"), keyed("c", null, "none"),
				keyed("c", "3", "three"));
		ProducerRecord<String, String> headed = keyed("c", "nine", "four");
		headed.headers().add("id", "4".getBytes(StandardCharsets.UTF_8));
		this.topics.send(headed);
		this.topics.append("c", EOS);
		complete(Keyed.class, "watermill.streams.c.on-invalid=skip");
		assertThat(this.topics.read("b")).containsExactly("{\"time\":1,\"name\":\"xone\"}",
				"{\"time\":1,\"name\":\"yone\"}", "{\"time\":4,\"name\":\"zfour\"}", EOS);
	}

	@Test
	void elementsKnowWhatTheirRecordsHave() {
		this.topics.write("a", "{\"time\":1,\"name\":\"x\"}", EOS);
		this.topics.create("c");
		ProducerRecord<String, String> described = new ProducerRecord<>(this.topics.name("c"), null,
				TIME.toEpochMilli(), "1", "{\"name\":\"one\",\"id\":7}");
		described.headers().add("origin", "here".getBytes(StandardCharsets.UTF_8));
		this.topics.send(described, keyed("c", "{\"id\":2}", "two"), keyed("c", "3", "three"));
		this.topics.append("c", EOS);
		complete(Knowing.class, "watermill.streams.c.on-invalid=skip");
		assertThat(this.topics.read("b")).containsExactly("{\"time\":1,\"name\":\"1 here " + TIME + " one\"}", EOS);
	}

	@Test
	void elementsOfFilesHaveItInThem() {
		MillsRunner.write(this.directory.resolve("c.jsonl"),
				"{\"id\":1,\"name\":\"one\",\"origin\":\"file\",\"at\":\"" + TIME + "\"}\n");
		this.topics.write("a", "{\"time\":1,\"name\":\"x\"}", EOS);
		complete(Knowing.class, "watermill.streams.c.topic=",
				"watermill.streams.c.file=" + this.directory.resolve("c.jsonl"));
		assertThat(this.topics.read("b")).containsExactly("{\"time\":1,\"name\":\"1 file " + TIME + " one\"}", EOS);
	}

	@Test
	void goesOnByTheKeyOfRecords() {
		this.topics.write("a", "{\"time\":1,\"name\":\"x\"}");
		this.topics.create("c");
		this.topics.send(keyed("c", "1", "one"), keyed("c", "2", "two"));
		ApplicationContextRunner application = this.runner.withUserConfiguration(Keyed.class);
		application.run((context) -> await().untilAsserted(() -> assertThat(this.topics.read("b")).hasSize(1)));
		this.topics.append("a", "{\"time\":2,\"name\":\"y\"}", EOS);
		this.topics.send(keyed("c", "1", "late"));
		application.run((context) -> {
			Mill failed = MillsRunner.await(context, "mill");
			assertThat(failed.state()).isEqualTo(MillState.FAILED);
			assertThat(String.valueOf(failed.status().lastError()))
				.contains("the key '#long(#header('id') ?: #key)' went back: 1 after 2");
		});
	}

	@Test
	void refusesTheKeyOfRecordsWhereThereAreNone() {
		Path file = this.directory.resolve("c.jsonl");
		MillsRunner.write(file, "{\"time\":1,\"name\":\"x\"}\n");
		this.topics.write("a", EOS);
		this.runner.withUserConfiguration(Keyed.class)
			.withPropertyValues("watermill.streams.c.topic=", "watermill.streams.c.file=" + file)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessage(
						"The key '#long(#header('id') ?: #key)' of the stream 'c' of the mill 'mill' is computed of the keys "
								+ "of its records, but file " + file + " has no keys"));
	}

	private ProducerRecord<String, String> keyed(String stream, String key, String name) {
		ProducerRecord<String, String> made = new ProducerRecord<>(this.topics.name(stream), key,
				"{\"time\":0,\"name\":\"" + name + "\"}");
		return made;
	}

	@Test
	void skipsInvalidElementsWhereAsked() {
		this.topics.write("a", "{\"time\":1,\"name\":\"x\"}", "no JSON", "{\"time\":2,\"name\":\"y\"}", EOS);
		complete(Copy.class, "watermill.streams.a.on-invalid=skip");
		assertThat(this.topics.read("b")).hasSize(3);
	}

	static class OtherCluster {

		@Bean(defaultCandidate = false)
		KafkaBroker otherCluster(JsonMapper mapper) {
			return KafkaBroker
				.builder(KafkaClients.of(Map.of("bootstrap.servers", SharedKafka.bootstrapServers())),
						StrictJson.of(mapper))
				.groupIdPrefix("other")
				.build();
		}

	}

	@WaterMillProcessor("mill")
	static class SelfJoin {

		@ToStream("b")
		A join(A a, @FromStream("next") @JoinOn(left = "time + 10", right = "time") Map<A, List<A>> next) {
			return new A(a.time(), a.name() + next.get(a).get(0).name());
		}

	}

	@WaterMillProcessor("mill")
	static class Knowing {

		@ToStream("b")
		A join(A a, @FromStream("c") @JoinOn(left = "time", right = "id") Map<A, Known> known) {
			Known c = known.get(a);
			return new A(a.time(), c.id() + " " + c.origin() + " " + c.at() + " " + c.name());
		}

	}

	record Known(@RecordKey long id, @RecordHeader("origin") String origin, @RecordTimestamp Instant at, String name) {

	}

	@WaterMillProcessor("mill")
	static class Keyed {

		@ToStream("b")
		A join(A a, @FromStream("c") @JoinOn(left = "time", right = "#long(#header('id') ?: #key)") Map<A, A> c) {
			return new A(a.time(), a.name() + c.get(a).name());
		}

	}

	@WaterMillProcessor("mill")
	static class Windows {

		@ToStream("b")
		Optional<A> window(@WindowBy("time / 10") List<A> as) {
			return Optional.of(new A(as.get(0).time() / 10, String.join("", as.stream().map(A::name).toList())));
		}

	}

	@WaterMillProcessor("mill")
	static class Copy {

		@ToStream("b")
		A copy(A a) {
			return a;
		}

	}

	@WaterMillProcessor("next")
	static class Next {

		@ToStream("c")
		A copy(@FromStream("b") A b) {
			return b;
		}

	}

	@WaterMillProcessor("mill")
	static class Described {

		@ToStream("b")
		List<Result<A>> describe(A a) {
			return List.of(Result.of(a).withKey("own").withHeader("kind", "copy").withTimestamp(TIME),
					Result.of(new A(a.time() + 1, a.name())));
		}

	}

	@WaterMillProcessor("mill")
	static class Curious {

		@ToStream("b")
		A describe(A a, MillContext context) {
			return new A(a.time(),
					new String(context.headers().get("origin"), StandardCharsets.UTF_8) + " "
							+ context.partition().getAsInt() + ":" + context.offset().getAsLong() + " "
							+ context.timestamp() + " " + new String(context.recordKey(), StandardCharsets.UTF_8));
		}

	}

	static class Reading implements Deserializer<A> {

		@Override
		public A deserialize(String topic, byte[] data) {
			return JsonMapper.shared().readValue(data, A.class);
		}

	}

	record A(long time, String name) {

	}

}
