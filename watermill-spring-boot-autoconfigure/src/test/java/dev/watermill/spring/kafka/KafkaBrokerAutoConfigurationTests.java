package dev.watermill.spring.kafka;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import dev.watermill.broker.file.StrictJson;
import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.engine.MillState;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.binding.FileBindingResolver;
import dev.watermill.spring.mill.Mills;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

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
			assertThat(context).hasSingleBean(KafkaBindingResolver.class)
				.hasSingleBean(FileBindingResolver.class)
				.hasSingleBean(JsonMapper.class);
			assertThat(Arrays.asList(context.getSourceApplicationContext().getBeanFactory().getSingletonNames()))
				.contains("kafkaBindingResolver")
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
			.run((context) -> assertThat(context).doesNotHaveBean(KafkaBindingResolver.class)
				.doesNotHaveBean(KafkaClients.class)
				.doesNotHaveBean(KafkaBroker.class));
	}

	@Test
	void isNotThereWithoutSpringKafka() {
		this.runner.withClassLoader(new FilteredClassLoader(ConsumerFactory.class))
			.run((context) -> assertThat(context).hasSingleBean(Mills.class)
				.doesNotHaveBean(KafkaBindingResolver.class));
	}

	@Test
	void isNotThereWithoutKafkasClients() {
		this.runner.withClassLoader(new FilteredClassLoader(Consumer.class))
			.run((context) -> assertThat(context).hasSingleBean(Mills.class)
				.doesNotHaveBean(KafkaBindingResolver.class));
	}

	@Test
	void backsOffBeforeTheClientsOfTheUser() {
		this.runner.withBean("own", KafkaClients.class, () -> KafkaClients.of(Map.of()))
			.run((context) -> assertThat(context).getBean(KafkaClients.class)
				.isNotInstanceOf(SpringKafkaClients.class));
	}

	@Test
	void backsOffBeforeTheBrokerOfTheUser() {
		this.runner.withUserConfiguration(OwnBroker.class)
			.run((context) -> assertThat(context).hasSingleBean(KafkaBroker.class).hasBean("ownBroker"));
	}

	@Test
	void staysBesideABrokerOfAnotherCluster() {
		this.runner.withUserConfiguration(OtherCluster.class)
			.run((context) -> assertThat(context.getBean(KafkaBroker.class))
				.isNotSameAs(context.getBean("otherCluster")));
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
		KafkaBroker ownBroker(KafkaBroker.Builder builder) {
			return builder.groupIdPrefix("own").build();
		}

	}

	static class OtherCluster {

		@Bean(defaultCandidate = false)
		KafkaBroker otherCluster() {
			return KafkaBroker.builder(KafkaClients.of(Map.of()), StrictJson.of(JsonMapper.shared()))
				.groupIdPrefix("other")
				.build();
		}

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
