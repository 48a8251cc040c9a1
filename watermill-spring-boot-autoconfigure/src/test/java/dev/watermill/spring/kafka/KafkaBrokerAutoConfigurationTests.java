package dev.watermill.spring.kafka;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.codec.StrictJson;
import dev.watermill.engine.MillState;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.binding.internal.StreamBindings;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.mill.Mills;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.ConsumerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is there of Kafka by default, and what is not. No broker is up.
 */
class KafkaBrokerAutoConfigurationTests {

	private static final String NOWHERE = "localhost:1";

	@TempDir
	Path directory;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		this.runner = MillsRunner.kafkaRunner(this.directory, NOWHERE);
	}

	@Test
	void makesNothingBeforeThereIsATopic() {
		this.runner.withPropertyValues("spring.application.name=").run((context) -> {
			assertThat(context).hasSingleBean(TopicKind.class)
				.hasBean("watermillFileKind")
				.hasSingleBean(JsonMapper.class);
			assertThat(Arrays.asList(context.getSourceApplicationContext().getBeanFactory().getSingletonNames()))
				.contains("watermillTopicKind")
				.doesNotContain("watermillKafkaClients", "watermillKafkaBroker");
		});
	}

	@Test
	void makesOneBrokerForAllTopics() {
		this.runner.run((context) -> {
			assertThat(context.getBean(KafkaClients.class)).isInstanceOf(SpringKafkaClients.class);
			assertThat(context.getBean(KafkaBroker.class)).isSameAs(context.getBean(KafkaBroker.class));
		});
	}

	@Test
	void isNotThereWhenDisabled() {
		this.runner.withPropertyValues("watermill.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(TopicKind.class)
				.doesNotHaveBean(KafkaClients.class)
				.doesNotHaveBean(KafkaBroker.class));
	}

	@Test
	void isNotThereWithoutSpringKafka() {
		this.runner.withClassLoader(new FilteredClassLoader(ConsumerFactory.class))
			.run((context) -> assertThat(context).hasSingleBean(Mills.class).doesNotHaveBean(TopicKind.class));
	}

	@Test
	void isNotThereWithoutKafkasClients() {
		this.runner.withClassLoader(new FilteredClassLoader(Consumer.class))
			.run((context) -> assertThat(context).hasSingleBean(Mills.class).doesNotHaveBean(TopicKind.class));
	}

	@Test
	void isNotThereWithoutTheBrokerOfTopics() {
		this.runner.withClassLoader(new FilteredClassLoader(KafkaBroker.class))
			.run((context) -> assertThat(context).hasSingleBean(Mills.class).doesNotHaveBean(TopicKind.class));
	}

	@Test
	void startsWithoutKafkaWhereNoStreamIsInATopic() {
		MillsRunner.write(this.directory.resolve("a.jsonl"), "{\"time\":1}\n");
		withoutKafka().withPropertyValues("watermill.streams.a.file=" + this.directory.resolve("a.jsonl"),
				"watermill.streams.b.file=" + this.directory.resolve("b.jsonl"), "watermill.kafka.create-topics=false")
			.run((context) -> assertThat(MillsRunner.await(context, "copy").state()).isEqualTo(MillState.COMPLETED));
	}

	@Test
	void saysHowToGetKafkaWhereAStreamIsInATopic() {
		withoutKafka()
			.withPropertyValues("watermill.streams.a.topic=as", "watermill.streams.b.topic=bs",
					"watermill.streams.b.end-mark=header")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOf(InvalidBindingException.class)
				.hasMessageContaining("The stream 'a' is bound to the topic as, but the application has no Kafka.")
				.hasMessageContaining("Add the dependency org.springframework.boot:spring-boot-starter-kafka"));
	}

	/**
	 * Nothing of Kafka can be loaded, as in an application with the starter alone.
	 */
	private ApplicationContextRunner withoutKafka() {
		return MillsRunner.runner(this.directory)
			.withConfiguration(AutoConfigurations.of(KafkaBrokerAutoConfiguration.class))
			.withUserConfiguration(Copy.class)
			.withClassLoader(new FilteredClassLoader("org.apache.kafka", "org.springframework.kafka"));
	}

	@Test
	void bindsTheSettingsOfTheContract() {
		this.runner.withPropertyValues("watermill.kafka.group-id-prefix=app").run((context) -> {
			assertThat(context.getBean(KafkaProperties.class).groupIdPrefix()).isEqualTo("app");
			assertThat(context.getBean(KafkaProperties.class).createTopics()).isTrue();
		});
	}

	@Test
	void backsOffBeforeTheClientsOfTheUserOfTheirName() {
		this.runner.withBean("watermillKafkaClients", KafkaClients.class, () -> KafkaClients.of(Map.of()))
			.run((context) -> assertThat(context).getBean(KafkaClients.class)
				.isNotInstanceOf(SpringKafkaClients.class));
	}

	@Test
	void backsOffBeforeTheBrokerOfTheUserOfItsName() {
		this.runner.withUserConfiguration(OwnBroker.class)
			.run((context) -> assertThat(context).hasSingleBean(KafkaBroker.class));
	}

	@Test
	void staysBesideBrokersAndClientsOfOtherClusters() {
		this.runner.withUserConfiguration(Copy.class, OtherClusters.class)
			.withPropertyValues("watermill.streams.a.topic=as", "watermill.streams.b.broker=thirdCluster",
					"watermill.streams.b.properties.topic=bs", "watermill.mills.copy.auto-startup=false")
			.run((context) -> {
				KafkaBroker ours = context.getBean("watermillKafkaBroker", KafkaBroker.class);
				StreamBindings bindings = context.getBean(StreamBindings.class);
				assertThat(bindings.get("a", "copy").broker()).isSameAs(ours);
				assertThat(bindings.get("b", "copy").broker()).isSameAs(context.getBean("thirdCluster"));
				assertThat(context.getBean("watermillKafkaClients")).isInstanceOf(SpringKafkaClients.class);
				// Of the application's own there is one to inject
				assertThat(context.getBean(Injected.class)).isEqualTo(new Injected(
						(KafkaBroker) context.getBean("thirdCluster"), context.getBean(KafkaClients.class)));
				assertThat(context.getBean(KafkaClients.class)).isSameAs(context.getBean("otherClients"));
			});
	}

	@Test
	void startsWithoutABroker() {
		this.runner.withUserConfiguration(Copy.class)
			.withPropertyValues("watermill.streams.a.topic=as", "watermill.streams.b.topic=bs")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(MillsRunner.mill(context, "copy").state()).isEqualTo(MillState.STARTING);
			});
	}

	static class OwnBroker {

		@Bean
		KafkaBroker watermillKafkaBroker(KafkaBroker.Builder builder) {
			return builder.groupIdPrefix("own").build();
		}

	}

	static class OtherClusters {

		@Bean(defaultCandidate = false)
		KafkaBroker otherCluster(KafkaClients clients) {
			return KafkaBroker.builder(clients, StrictJson.of(JsonMapper.shared())).groupIdPrefix("other").build();
		}

		@Bean
		KafkaBroker thirdCluster(KafkaClients clients) {
			return KafkaBroker.builder(clients, StrictJson.of(JsonMapper.shared())).groupIdPrefix("third").build();
		}

		@Bean
		KafkaClients otherClients() {
			return KafkaClients.of(Map.of("bootstrap.servers", NOWHERE));
		}

		@Bean
		Injected injected(KafkaBroker broker, KafkaClients clients) {
			return new Injected(broker, clients);
		}

	}

	record Injected(KafkaBroker broker, KafkaClients clients) {

	}

	@WaterMillProcessor("copy")
	static class Copy {

		B copy(A a) {
			return new B(a.time());
		}

	}

	record A(long time) {

	}

	record B(long time) {

	}

}
