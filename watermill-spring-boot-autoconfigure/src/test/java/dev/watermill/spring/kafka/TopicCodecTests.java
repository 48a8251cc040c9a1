package dev.watermill.spring.kafka;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import dev.watermill.Mill;
import dev.watermill.codec.ElementDecoder;
import dev.watermill.codec.ElementEncoder;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Topics whose records are something else than JSON.
 */
class TopicCodecTests {

	@TempDir
	Path directory;

	private final TestTopics topics = new TestTopics();

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		this.runner = MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
			.withUserConfiguration(Copy.class)
			.withPropertyValues(this.topics.bound("a"), this.topics.bound("b"),
					"watermill.mills.mill.data-timeout=100ms");
		this.topics.write("a", "7", "8");
	}

	private void complete(ApplicationContextRunner application, String... properties) {
		application.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			Mill mill = MillsRunner.await(context, "mill");
			assertThat(mill.state()).as(String.valueOf(mill.status().lastError())).isEqualTo(MillState.COMPLETED);
		});
	}

	@Test
	void usesClassesOfKafkasInterfaces() {
		complete(this.runner, "watermill.streams.a.deserializer=" + Reading.class.getName(),
				"watermill.streams.b.serializer=" + Writing.class.getName(), "spring.kafka.properties.unit=km",
				"watermill.streams.a.properties.prefix=1", "watermill.streams.b.properties.unit=m");
		assertThat(this.topics.read("b")).containsExactly("17 m of " + this.topics.name("b"),
				"18 m of " + this.topics.name("b"), null);
	}

	@Test
	void marksTheEndInAHeaderWhereRecordsAreNoJson() {
		complete(this.runner, "watermill.streams.a.deserializer=" + Reading.class.getName(),
				"watermill.streams.b.serializer=" + Writing.class.getName());
		ConsumerRecord<String, String> last = this.topics.records("b").get(2);
		assertThat(new String(last.headers().lastHeader("eos__").value(), StandardCharsets.UTF_8)).isEqualTo("true");
	}

	@Test
	void usesDecodersAndEncoders() {
		complete(this.runner.withUserConfiguration(Codecs.class), "watermill.streams.a.deserializer=decoder",
				"watermill.streams.b.serializer=encoder");
		assertThat(this.topics.read("b")).startsWith("robot 7", "robot 8");
	}

	@Test
	void usesBeansOfKafkasInterfacesWithoutClosingThem() {
		this.runner.withUserConfiguration(Codecs.class)
			.withPropertyValues("watermill.streams.a.deserializer=reading", "watermill.streams.b.serializer=writing")
			.run((context) -> {
				Mill mill = MillsRunner.await(context, "mill");
				assertThat(mill.state()).as(String.valueOf(mill.status().lastError())).isEqualTo(MillState.COMPLETED);
				assertThat(context.getBean("reading", Reading.class).closed).isFalse();
				assertThat(context.getBean("writing", Writing.class).closed).isFalse();
			});
		assertThat(this.topics.read("b")).startsWith("97 null of " + this.topics.name("b"));
	}

	@Test
	void givesEachReaderAPrototypeOfItsOwn() {
		Codecs.prototypes = 0;
		complete(this.runner.withUserConfiguration(Codecs.class, Joined.class),
				"watermill.mills.mill.auto-startup=true", "watermill.streams.a.deserializer=prototype",
				"watermill.streams.c.deserializer=prototype", this.topics.bound("c", "a"), this.topics.bound("joined"),
				"watermill.mills.joined.data-timeout=100ms");
		assertThat(Codecs.prototypes).isGreaterThanOrEqualTo(3);
		assertThat(Codecs.last.closed).isTrue();
	}

	@Test
	void failsAtARecordThatADeserializerRefuses() {
		this.topics.append("a", "x");
		this.runner.withPropertyValues("watermill.streams.a.deserializer=" + Reading.class.getName()).run((context) -> {
			Mill mill = MillsRunner.await(context, "mill");
			assertThat(mill.state()).isEqualTo(MillState.FAILED);
			assertThat(mill.status().lastError().message()).contains("stream 'a'", "For input string: \"x\"");
		});
	}

	/**
	 * Reads a number, with the digits of a setting before it.
	 */
	static class Reading implements Deserializer<A> {

		private String prefix = "";

		private boolean closed;

		@Override
		public void configure(Map<String, ?> configuration, boolean isKey) {
			assertThat(isKey).isFalse();
			assertThat(configuration.containsKey("bootstrap.servers")).isTrue();
			Object digits = configuration.get("prefix");
			this.prefix = (digits != null) ? digits.toString() : "";
		}

		@Override
		public A deserialize(String topic, byte[] data) {
			return new A(Long.parseLong(this.prefix + new String(data, StandardCharsets.UTF_8)));
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

	/**
	 * Writes a number and the unit of a setting.
	 */
	static class Writing implements Serializer<A> {

		private Object unit;

		private boolean closed;

		@Override
		public void configure(Map<String, ?> configuration, boolean isKey) {
			this.unit = configuration.get("unit");
		}

		@Override
		public byte[] serialize(String topic, A data) {
			throw new IllegalStateException("called without headers");
		}

		@Override
		public byte[] serialize(String topic, Headers headers, A data) {
			return (data.time() + " " + this.unit + " of " + topic).getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

	static class Codecs {

		private static int prototypes;

		private static Reading last;

		@Bean
		ElementDecoder<A> decoder() {
			return (bytes) -> new A(Long.parseLong(new String(bytes, StandardCharsets.UTF_8)));
		}

		@Bean
		ElementEncoder<A> encoder() {
			return (result) -> ("robot " + result.time()).getBytes(StandardCharsets.UTF_8);
		}

		@Bean
		Reading reading() {
			Reading reading = new Reading();
			reading.prefix = "9";
			return reading;
		}

		@Bean
		Writing writing() {
			return new Writing();
		}

		@Bean
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		Reading prototype() {
			prototypes++;
			last = new Reading();
			return last;
		}

	}

	@WaterMillProcessor("mill")
	static class Copy {

		@ToStream("b")
		A copy(A a) {
			return a;
		}

	}

	@WaterMillProcessor("joined")
	static class Joined {

		@ToStream("joined")
		A copy(A a, @FromStream("c") @JoinOn("time") A c) {
			return a;
		}

	}

	record A(long time) {

	}

}
