package dev.watermill.spring.diagnostics;

import java.nio.file.Path;
import java.util.Map;

import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidKeyExpressionException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;
import dev.watermill.spring.diagnostics.MillConfigurationException.MillConflictException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the author of settings reads about mistakes with topics. No broker is up.
 */
class TopicFailureTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner() {
		return MillsRunner.kafkaRunner(this.directory, "localhost:1");
	}

	private ConfigurationFailures.Explained start(Class<?> configuration, String... properties) {
		return new ConfigurationFailures(this::runner).with(properties).start(configuration, Copy.class);
	}

	private ConfigurationFailures.Explained start(String... properties) {
		return new ConfigurationFailures(
				() -> runner().withPropertyValues("watermill.streams.a.topic=as", "watermill.streams.b.topic=bs"))
			.with(properties)
			.start(Copy.class);
	}

	@Test
	void refusesGroupsWithoutAPrefix() {
		start("spring.application.name=").by(InvalidPropertyException.class)
			.describes("nothing tells the consumer groups and transactions of this application from those of others")
			.advises("Set spring.application.name, or watermill.kafka.group-id-prefix");
	}

	@Test
	void refusesAStreamInAFileAndATopic() {
		start("watermill.streams.a.file=a.json").by(InvalidBindingException.class)
			.describes("The stream 'a' is bound to more than one place", "file", "topic");
	}

	@ParameterizedTest
	@ValueSource(strings = { "robot locations", "..", "a/b", "größe", "orders-*" })
	void refusesANameThatNoTopicHas(String name) {
		start("watermill.streams.a.topic=" + name).by(InvalidBindingException.class)
			.describes("'" + name + "', which can't be a topic's name")
			.advises("Correct watermill.streams.a.topic");
	}

	@Test
	void refusesToOverwriteATopic() {
		start("watermill.streams.b.overwrite=true").by(InvalidBindingException.class)
			.advises("Remove watermill.streams.b.overwrite");
	}

	@Test
	void refusesClientSettingsThatMillsDependOn() {
		start("watermill.streams.a.properties.isolation.level=read_uncommitted",
				"watermill.streams.a.properties.group.id=mine", "watermill.streams.a.properties.merge=true",
				"watermill.streams.a.properties.max.poll.records=5")
			.by(InvalidBindingException.class)
			.describes("watermill.streams.a.properties", "set themselves: group.id, isolation.level, merge.")
			.advises("Remove them");
	}

	@Test
	void refusesClientSettingsThatNoClientTakes() {
		start("watermill.streams.a.properties.max.poll.records=many").by(InvalidBindingException.class)
			.describes("The stream 'a' has settings that Kafka's clients refuse", "max.poll.records", "many")
			.advises("watermill.streams.a.properties");
		start("spring.kafka.producer.properties.linger.ms=-7").by(InvalidBindingException.class)
			.describes("linger.ms")
			.advises("spring.kafka");
		start("spring.kafka.bootstrap-servers=localhost").by(InvalidBindingException.class)
			.describes("Invalid url in bootstrap.servers: localhost")
			.advises("spring.kafka");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			spring.kafka.producer.retries=0                                                   | producer | b
			spring.kafka.producer.properties.retries=0                                        | producer | b
			spring.kafka.properties.retries=0                                                 | producer | b
			watermill.streams.b.properties.retries=0                                          | producer | b
			spring.kafka.producer.properties.max.in.flight.requests.per.connection=10         | producer | b
			watermill.streams.b.properties.max.in.flight.requests.per.connection=10           | producer | b
			spring.kafka.producer.properties.delivery.timeout.ms=1000                         | producer | b
			spring.kafka.producer.properties.partitioner.class=com.acme.Missing               | producer | b
			spring.kafka.consumer.properties.session.timeout.ms=200                           | consumer | a
			spring.kafka.properties.session.timeout.ms=200                                    | consumer | a
			watermill.streams.a.properties.session.timeout.ms=200                             | consumer | a
			spring.kafka.consumer.heartbeat-interval=1m                                       | consumer | a
			spring.kafka.consumer.properties.fetch.max.bytes=-1                               | consumer | a
			spring.kafka.consumer.properties.interceptor.classes=com.acme.Missing             | consumer | a
			spring.kafka.security.protocol=SASL_PLAINTEXT                                     | consumer | a
			spring.kafka.admin.properties.default.api.timeout.ms=1000                         | admin    | a
			""")
	void refusesClientSettingsWithWhichNoMillWouldRun(String setting, String client, String stream) {
		String property = setting.substring(0, setting.indexOf('='));
		start(setting, "watermill.mills.copy.auto-startup=false").by(InvalidBindingException.class)
			.describes("The stream '" + stream + "' has settings that Kafka's clients refuse, here the " + client,
					property + " (")
			.advises("Correct or remove " + property);
	}

	@ParameterizedTest
	@CsvSource({ "spring.kafka.consumer.properties.max.poll.interval.ms=10000, PT10S",
			"spring.kafka.consumer.max-poll-interval=5s, PT5S",
			"watermill.streams.a.properties.max.poll.interval.ms=9000, PT9S" })
	void refusesLanesThatTakeLongerToHandOverThanTheirGroupWaits(String setting, String interval) {
		String property = setting.substring(0, setting.indexOf('='));
		start(setting).by(InvalidPropertyException.class)
			.describes("The property watermill.mills.copy.hand-over-timeout is PT10S, which is not less than "
					+ property + ", " + interval)
			.advises("Set watermill.mills.copy.hand-over-timeout to less than that, or raise " + property);
		start("watermill.mills.copy.hand-over-timeout=5m").by(InvalidPropertyException.class)
			.describes("hand-over-timeout is PT5M, which is not less than max.poll.interval.ms, PT5M");
	}

	@Test
	void namesAllSettingsThatAreWrongTogetherAndNoOthers() {
		start("spring.kafka.producer.properties.delivery.timeout.ms=60000",
				"watermill.streams.b.properties.request.timeout.ms=70000", "spring.kafka.producer.batch-size=1KB",
				"spring.kafka.client-id=robots")
			.by(InvalidBindingException.class)
			.describes("spring.kafka.producer.properties.delivery.timeout.ms (",
					"watermill.streams.b.properties.request.timeout.ms (", "delivery.timeout.ms=60000")
			.advises("spring.kafka.producer.properties.delivery.timeout.ms and "
					+ "watermill.streams.b.properties.request.timeout.ms")
			.description()
			.doesNotContain("batch", "robots");
	}

	@Test
	void tellsNoPasswords() {
		start("spring.kafka.security.protocol=SSL", "spring.kafka.ssl.trust-store-location=file:missing.jks",
				"spring.kafka.ssl.trust-store-password=geheim")
			.by(InvalidBindingException.class)
			.describes("missing.jks", "spring.kafka.ssl.trust-store-location (")
			.description()
			.doesNotContain("geheim");
	}

	@Test
	void saysWhichFactoryHasSettingsThatNoPropertyHas() {
		start(WrongFactory.class, "watermill.streams.a.topic=as", "watermill.streams.b.topic=bs")
			.by(InvalidBindingException.class)
			.describes("It comes from session.timeout.ms of the ConsumerFactory bean.")
			.advises("Correct or remove session.timeout.ms of the ConsumerFactory bean",
					"watermill.streams.a.properties.session.timeout.ms");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.kafka.producer.acks=1",
			"spring.kafka.producer.properties.enable.idempotence=false",
			"spring.kafka.producer.transaction-id-prefix=tx-", "spring.kafka.consumer.isolation-level=read_uncommitted",
			"spring.kafka.consumer.group-id=mine", "spring.kafka.consumer.auto-offset-reset=latest",
			"spring.kafka.consumer.enable-auto-commit=true", "spring.kafka.bootstrap-servers=nowhere.invalid:9092",
			"spring.kafka.producer.properties.linger.ms=200000",
			"spring.kafka.consumer.properties.group.protocol=consumer", "spring.kafka.consumer.properties.retries=0" })
	void takesSettingsThatMillsDoNotFollowOrThatMayBeRightLater(String setting) {
		runner().withUserConfiguration(Copy.class)
			.withPropertyValues("watermill.streams.a.topic=as", "watermill.streams.b.topic=bs",
					"watermill.mills.copy.auto-startup=false", setting)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void looksAtNoSettingsOfClientsThatNoMillWillHave() {
		String[] wrong = { "spring.kafka.producer.retries=0",
				"spring.kafka.consumer.properties.session.timeout.ms=200" };
		MillsRunner.write(this.directory.resolve("a.jsonl"), "");
		runner().withUserConfiguration(Copy.class)
			.withPropertyValues("watermill.streams.a.file=" + this.directory.resolve("a.jsonl"),
					"watermill.streams.b.file=" + this.directory.resolve("b.jsonl"))
			.withPropertyValues(wrong)
			.run((context) -> assertThat(context).hasNotFailed());
		runner().withUserConfiguration(Copy.class)
			.withPropertyValues("watermill.streams.a.topic=as",
					"watermill.streams.b.file=" + this.directory.resolve("b.jsonl"),
					"watermill.mills.copy.auto-startup=false", wrong[0])
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void takesTheStreamsSettingInsteadOfOneForAll() {
		runner().withUserConfiguration(Copy.class)
			.withPropertyValues("watermill.streams.a.topic=as", "watermill.streams.b.topic=bs",
					"watermill.mills.copy.auto-startup=false", "spring.kafka.producer.retries=0",
					"watermill.streams.b.properties.retries=5")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void refusesSettingsOfABrokerOfAnotherCluster() {
		start(WrongBroker.class, "watermill.streams.a.topic=as", "watermill.streams.b.broker=wrongBroker",
				"watermill.streams.b.properties.topic=bs")
			.by(InvalidBindingException.class)
			.describes("The mill 'copy' can't write its stream 'b'", "producer", "retries")
			.advises("watermill.streams.b.broker");
	}

	@Test
	void refusesAKeyThatNoResultHas() {
		start("watermill.streams.b.key=tme").by(InvalidKeyExpressionException.class)
			.describes("The record key of the stream 'b' of the mill 'copy', 'tme' over B")
			.advises("Did you mean 'time'?", "The key comes from watermill.streams.b.key");
	}

	@Test
	void refusesTwoMillsThatWriteOneTopic() {
		start(Other.class, "watermill.streams.a.topic=as", "watermill.streams.b.topic=bs",
				"watermill.streams.c.topic=bs")
			.by(MillConflictException.class)
			.describes("Two output streams are bound to one place, topic bs");
	}

	@Test
	void refusesAMillThatReadsItsOwnTopic() {
		start("watermill.streams.b.topic=as", "watermill.streams.b.serializer=" + IntegerSerializer.class.getName())
			.by(MillConflictException.class)
			.describes("The mill 'copy' reads its own output", "both bound to topic as");
	}

	@Test
	void refusesMillsWhoseConsumerGroupsWouldBeOne() {
		new ConfigurationFailures(this::runner)
			.with("watermill.streams.speed-in.topic=as", "watermill.streams.in.topic=bs",
					"watermill.streams.b.topic=cs", "watermill.streams.c.topic=ds")
			.start(Robots.class)
			.by(MillConflictException.class)
			.describes("The consumer group '", "-robot-speed-in' would be that of", "'speed-in' of the mill 'robot'",
					"'in' of the mill 'robot-speed'")
			.advises("another name");
	}

	@Test
	void refusesAMillWhoseGroupWouldBeThatOfAnothersStream() {
		// it reads no topic, so its positions are in a group of its own
		new ConfigurationFailures(this::runner)
			.with("watermill.streams.speed.topic=as", "watermill.streams.in.file=in.jsonl",
					"watermill.streams.b.topic=cs", "watermill.streams.c.topic=ds")
			.start(Home.class)
			.by(MillConflictException.class)
			.describes("-robot-speed' would be that of", "the stream 'speed' of the mill 'robot'",
					"the mill 'robot-speed'");
	}

	@Test
	void letsMillsHaveNamesThatBeginLikeOthers() {
		// it reads a topic, and needs no group of its own
		runner().withUserConfiguration(Home.class)
			.withPropertyValues("watermill.streams.speed.topic=as", "watermill.streams.in.topic=bs",
					"watermill.streams.b.topic=cs", "watermill.streams.c.topic=ds",
					"watermill.mills.robot.auto-startup=false", "watermill.mills.robot-speed.auto-startup=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void refusesAMarkForAFile() {
		new ConfigurationFailures(this::runner)
			.with("watermill.streams.a.topic=as", "watermill.streams.b.file=b.jsonl",
					"watermill.streams.b.end-mark=header")
			.start(Copy.class)
			.by(InvalidBindingException.class)
			.describes("The stream 'b' is bound to the file", "mark of its end")
			.advises("Remove watermill.streams.b.end-mark");
	}

	@Test
	void letsMillsReadEachOthersTopics() {
		runner().withUserConfiguration(Copy.class, Back.class)
			.withPropertyValues("watermill.streams.a.topic=as", "watermill.streams.b.topic=bs",
					"watermill.mills.copy.auto-startup=false", "watermill.mills.back.auto-startup=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void refusesACodecThatIsNeitherBeanNorClass() {
		start("watermill.streams.a.deserializer=com.acme.Missing").by(InvalidBindingException.class)
			.describes("watermill.streams.a.deserializer, 'com.acme.Missing', names neither a bean nor a class")
			.advises("a bean of type ElementDecoder or Deserializer, or the name of a class that is a Kafka "
					+ "Deserializer");
		start("watermill.streams.b.serializer=com.acme.Missing").by(InvalidBindingException.class)
			.describes("watermill.streams.b.serializer")
			.advises("a bean of type ElementEncoder or Serializer");
	}

	@Test
	void refusesAClassThatIsNoCodec() {
		start("watermill.streams.b.serializer=" + ByteArrayDeserializer.class.getName())
			.by(InvalidBindingException.class)
			.describes("names a class that is no Kafka Serializer");
		start("watermill.streams.a.deserializer=watermillKafkaClients").by(InvalidBindingException.class)
			.describes("names a bean of type class dev.watermill.spring.kafka.SpringKafkaClients");
	}

	@Test
	void refusesACodecThatLacksItsSettings() {
		start("watermill.streams.a.deserializer=" + Demanding.class.getName()).by(InvalidBindingException.class)
			.describes("names a class that can't be used: registry.url is missing.")
			.advises("watermill.streams.a.properties");
	}

	@Test
	void refusesFactoriesOfWhichNoneIsFirst() {
		start(TwoFactories.class, "watermill.streams.a.topic=as", "watermill.streams.b.topic=bs")
			.by(InvalidBindingException.class)
			.describes("there are several ConsumerFactory beans", "one, two")
			.advises("@Primary");
	}

	@Test
	void takesItsOwnBrokerBesideSeveralOfOtherClusters() {
		runner().withUserConfiguration(TwoBrokers.class, Copy.class)
			.withPropertyValues("watermill.streams.a.topic=as", "watermill.streams.b.topic=bs",
					"watermill.mills.copy.auto-startup=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void refusesAFactoryThatKeepsItsSettings() {
		start(SecretiveFactory.class, "watermill.streams.a.topic=as", "watermill.streams.b.topic=bs")
			.by(InvalidBindingException.class)
			.describes("does not tell the settings of its clients")
			.advises("getConfigurationProperties()");
	}

	@Test
	void refusesATopicWithoutFactories() {
		new ConfigurationFailures(() -> runner().withClassLoader(new FilteredClassLoader(KafkaTemplate.class)))
			.with("watermill.streams.a.topic=as", "watermill.streams.b.topic=bs")
			.start(Copy.class)
			.by(InvalidBindingException.class)
			.describes("there is no ConsumerFactory bean")
			.advises("spring-boot-starter-kafka");
	}

	static class Robots {

		@WaterMillProcessor("robot")
		@ToStream("b")
		B robot(@FromStream("speed-in") A a) {
			return new B(a.time());
		}

		@WaterMillProcessor("robot-speed")
		@ToStream("c")
		B robotSpeed(@FromStream("in") A a) {
			return new B(a.time());
		}

	}

	static class Home {

		@WaterMillProcessor("robot")
		@ToStream("b")
		B robot(@FromStream("speed") A a) {
			return new B(a.time());
		}

		@WaterMillProcessor("robot-speed")
		@ToStream("c")
		B robotSpeed(@FromStream("in") A a) {
			return new B(a.time());
		}

	}

	@WaterMillProcessor("copy")
	static class Copy {

		B copy(A a) {
			return new B(a.time());
		}

	}

	@WaterMillProcessor("back")
	static class Back {

		A back(B b) {
			return new A(b.time());
		}

	}

	@WaterMillProcessor("other")
	static class Other {

		@ToStream("c")
		B copy(A a) {
			return new B(a.time());
		}

	}

	static class TwoFactories {

		@Bean
		ConsumerFactory<String, String> one() {
			return new DefaultKafkaConsumerFactory<>(Map.of());
		}

		@Bean
		ConsumerFactory<String, String> two() {
			return new DefaultKafkaConsumerFactory<>(Map.of());
		}

	}

	static class TwoBrokers {

		@Bean
		KafkaBroker oneBroker() {
			return KafkaBroker.builder(KafkaClients.of(Map.of()), JsonMapper.shared()).groupIdPrefix("one").build();
		}

		@Bean
		KafkaBroker otherBroker() {
			return KafkaBroker.builder(KafkaClients.of(Map.of()), JsonMapper.shared()).groupIdPrefix("two").build();
		}

	}

	static class WrongFactory {

		@Bean
		ConsumerFactory<String, String> wrong() {
			return new DefaultKafkaConsumerFactory<>(
					Map.of("bootstrap.servers", "localhost:1", "session.timeout.ms", 200));
		}

	}

	static class WrongBroker {

		@Bean
		KafkaBroker wrongBroker() {
			return KafkaBroker
				.builder(KafkaClients.of(Map.of("bootstrap.servers", "localhost:1", "retries", 0)), JsonMapper.shared())
				.groupIdPrefix("wrong")
				.build();
		}

	}

	static class SecretiveFactory {

		@Bean
		ConsumerFactory<String, String> secretive() {
			return new DefaultKafkaConsumerFactory<>(Map.of()) {

				@Override
				public Map<String, Object> getConfigurationProperties() {
					throw new UnsupportedOperationException();
				}

			};
		}

	}

	static class Demanding implements Deserializer<A> {

		@Override
		public void configure(Map<String, ?> configuration, boolean isKey) {
			if (configuration.get("registry.url") == null) {
				throw new IllegalStateException("registry.url is missing");
			}
		}

		@Override
		public A deserialize(String topic, byte[] data) {
			return new A(data.length);
		}

	}

	record A(long time) {

	}

	record B(long time) {

	}

}
