package dev.watermill.spring.kafka;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.stream.SkipReason;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.ListenerExecutionFailedException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Dead letters on topics, as an application has them.
 */
@ExtendWith(OutputCaptureExtension.class)
class DeadLetterTopicTests {

	private static final String EOS = TestTopics.EOS;

	private static final String VALID = "{\"time\":1,\"name\":\"x\"}";

	private static final String INVALID = "{\"time\":\"late\",\"name\":\"y\"}";

	@TempDir
	Path directory;

	private final TestTopics topics = new TestTopics();

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		this.runner = MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
			.withPropertyValues(this.topics.bound("a"), this.topics.bound("b"), this.topics.bound("c"),
					"watermill.streams.a.on-invalid=dead-letter");
	}

	private String letters() {
		return this.topics.name("a") + "-dlt";
	}

	private static void awaitCompleted(Mill mill) {
		assertThat(mill.state()).as(String.valueOf(mill.status().lastError())).isEqualTo(MillState.COMPLETED);
	}

	private void sendElements() {
		this.topics.create("a");
		ProducerRecord<String, String> invalid = new ProducerRecord<>(this.topics.name("a"), 0, 1_000L, "k", INVALID);
		invalid.headers().add("own", "1".getBytes(StandardCharsets.UTF_8));
		this.topics.send(this.topics.message("a", null, VALID), invalid);
		this.topics.append("a", EOS);
	}

	private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
		return this.topics.all().read(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
	}

	private static Map<String, String> headers(ConsumerRecord<?, ?> message) {
		Map<String, String> headers = new TreeMap<>();
		for (Header header : message.headers()) {
			headers.put(header.key(), Arrays.toString(header.value()));
		}
		return headers;
	}

	@Test
	void writesALetterAsSpringKafkaDoes() {
		sendElements();
		this.runner.withUserConfiguration(Copy.class).run((context) -> {
			Mill mill = MillsRunner.await(context, "mill");
			awaitCompleted(mill);
			assertThat(mill.counters().inputs().get("a").deadLettered(SkipReason.INVALID).get()).isEqualTo(1);
			assertThat(mill.deadLetters().get("a").sink().location()).isEqualTo("topic " + letters());
		});
		assertThat(this.topics.read("b")).containsExactly(VALID, EOS);
		List<ConsumerRecord<byte[], byte[]>> letters = read(letters());
		assertThat(letters).singleElement().satisfies((letter) -> {
			assertThat(new String(letter.key(), StandardCharsets.UTF_8)).isEqualTo("k");
			assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo(INVALID);
			assertThat(letter.timestamp()).isGreaterThan(1_000);
			assertThat(new String(letter.headers().lastHeader("kafka_dlt-exception-message").value(),
					StandardCharsets.UTF_8))
				.contains("time");
		});
		Map<String, String> ours = headers(letters.get(0));
		Map<String, String> theirs = headers(recover(read(this.topics.name("a")).get(1)));
		// there the exception has a cause of its own
		theirs.remove("kafka_dlt-exception-cause-fqcn");
		assertThat(ours.keySet()).containsAll(theirs.keySet());
		theirs.keySet().removeIf((name) -> name.startsWith("kafka_dlt-exception-"));
		assertThat(ours).containsAllEntriesOf(theirs).containsKeys("watermill-mill", "watermill-stream");
	}

	/**
	 * Let spring-kafka write a dead letter.
	 */
	private ConsumerRecord<byte[], byte[]> recover(ConsumerRecord<byte[], byte[]> message) {
		String group = "";
		DefaultKafkaProducerFactory<byte[], byte[]> producers = new DefaultKafkaProducerFactory<>(
				Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, SharedKafka.bootstrapServers()),
				new ByteArraySerializer(), new ByteArraySerializer());
		try {
			this.topics.create("recovered");
			for (Header header : read(letters()).get(0).headers()) {
				group = header.key().endsWith("consumer-group") ? new String(header.value(), StandardCharsets.UTF_8)
						: group;
			}
			new DeadLetterPublishingRecoverer(new KafkaTemplate<>(producers),
					(failed, ex) -> new TopicPartition(this.topics.name("recovered"), 0))
				.accept(message, new ListenerExecutionFailedException("failed", group,
						new IllegalStateException("as intended")));
		}
		finally {
			producers.destroy();
		}
		return read(this.topics.name("recovered")).get(0);
	}

	@Test
	void replaysLettersThroughAMillThatRepairsThem() {
		sendElements();
		this.runner.withUserConfiguration(Copy.class, Repair.class)
			.withPropertyValues("watermill.streams.dead.topic=" + letters(),
					"watermill.streams.dead.format=dead-letter", "watermill.mills.repair.data-timeout=1s")
			.run((context) -> {
				awaitCompleted(MillsRunner.await(context, "mill"));
				awaitCompleted(MillsRunner.await(context, "repair"));
			});
		List<ConsumerRecord<String, String>> repaired = this.topics.records("c");
		assertThat(repaired).extracting(ConsumerRecord::value).containsExactly("{\"time\":7,\"name\":\"y\"}", EOS);
	}

	@Test
	void sharesAPlaceThatIsNamedAmongMills() {
		this.topics.write("a", "x", VALID, EOS);
		this.topics.create("all");
		this.runner.withUserConfiguration(Copy.class, Other.class)
			.withPropertyValues("watermill.streams.a.dead-letter.topic=" + this.topics.name("all"))
			.run((context) -> {
				awaitCompleted(MillsRunner.await(context, "mill"));
				awaitCompleted(MillsRunner.await(context, "other"));
			});
		List<String> mills = new ArrayList<>();
		this.topics.records("all")
			.forEach((letter) -> mills
				.add(new String(letter.headers().lastHeader("watermill-mill").value(), StandardCharsets.UTF_8)));
		assertThat(mills).containsExactlyInAnyOrder("mill", "other");
	}

	@Test
	void warnsOfAPlaceThatNobodyWrites(CapturedOutput output) {
		this.topics.write("a", VALID, EOS);
		this.runner.withUserConfiguration(Copy.class)
			.withPropertyValues("watermill.streams.a.on-invalid=skip", "watermill.streams.a.dead-letter.topic=d",
					"watermill.mills.mill.dead-letter.topic=d")
			.run((context) -> awaitCompleted(MillsRunner.await(context, "mill")));
		assertThat(output).contains("watermill.streams.a.dead-letter has no effect",
				"watermill.mills.mill.dead-letter has no effect");
	}

	@WaterMillProcessor("mill")
	static class Copy {

		@ToStream("b")
		A copy(A a) {
			return a;
		}

	}

	@WaterMillProcessor("other")
	static class Other {

		@ToStream("c")
		A copy(A a) {
			return a;
		}

	}

	@WaterMillProcessor("repair")
	static class Repair {

		@ToStream("c")
		A repair(@FromStream("dead") JsonNode dead) {
			return new A(7, dead.path("name").asString());
		}

	}

	record A(long time, String name) {

	}

}
