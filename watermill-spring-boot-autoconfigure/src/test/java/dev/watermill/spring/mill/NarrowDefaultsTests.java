package dev.watermill.spring.mill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.Broker;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.codec.StrictJson;
import dev.watermill.engine.MillState;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.diagnostics.MillConfigurationException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;
import dev.watermill.spring.kafka.KafkaBrokerAutoConfiguration;
import dev.watermill.spring.metrics.WaterMillMetricsAutoConfiguration;
import dev.watermill.spring.observation.WaterMillObservationAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is there by default stays out of the way of the application's own beans: it takes
 * neither their names nor their place, and is no obstacle to those that come in several.
 */
class NarrowDefaultsTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		MillsRunner.write(this.directory.resolve("a.jsonl"), "{\"robotId\":1,\"robot-id\":2,\"RobotId\":3}\n");
		this.runner = MillsRunner.runner(this.directory)
			.withConfiguration(AutoConfigurations.of(KafkaBrokerAutoConfiguration.class,
					WaterMillMetricsAutoConfiguration.class, WaterMillObservationAutoConfiguration.class));
	}

	private ApplicationContextRunner copying() {
		return this.runner.withUserConfiguration(Copy.class)
			.withPropertyValues("watermill.streams.a.file=" + this.directory.resolve("a.jsonl"),
					"watermill.streams.b.file=" + this.directory.resolve("b.jsonl"));
	}

	private void assertCopied(AssertableApplicationContext context, String result) {
		assertThat(context).hasNotFailed();
		assertThat(MillsRunner.await(context, "copy").state()).isEqualTo(MillState.COMPLETED);
		assertThat(MillsRunner.read(this.directory.resolve("b.jsonl"))).isEqualTo(result + "\n");
	}

	private static MillConfigurationException refusal(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		Throwable failure = context.getStartupFailure();
		while (failure != null && !(failure instanceof MillConfigurationException)) {
			failure = failure.getCause();
		}
		assertThat(failure).as("cause of " + context.getStartupFailure()).isNotNull();
		return (MillConfigurationException) failure;
	}

	@Test
	void leavesSeveralMappersAloneWhereNoMillNeedsOne() {
		this.runner.withUserConfiguration(TwoMappers.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void saysWhatToDoAboutSeveralMappersOnceAMillNeedsOne() {
		copying().withUserConfiguration(TwoMappers.class).run((context) -> {
			MillConfigurationException refusal = refusal(context);
			assertThat(refusal).isInstanceOf(InvalidBindingException.class);
			assertThat(refusal.getDescription()).contains("JSON", "several JsonMapper beans", "oneMapper, otherMapper");
			assertThat(refusal.getAction()).contains("@Primary", "defaultCandidate = false", "watermillJsonMapper");
		});
	}

	@Test
	void readsWithTheFirstOfSeveralMappers() {
		copying().withUserConfiguration(TwoMappers.class, FirstMapper.class)
			.run((context) -> assertCopied(context, "{\"robot-id\":2}"));
	}

	@Test
	void readsWithAMapperOfTheMillsOwn() {
		copying().withUserConfiguration(TwoMappers.class, MillsMapper.class)
			.run((context) -> assertCopied(context, "{\"RobotId\":3}"));
	}

	@Test
	void leavesSeveralFactoriesOfKafkaAloneWhereNoMillNeedsOne() {
		copying().withUserConfiguration(SeveralOfKafka.class)
			.run((context) -> assertCopied(context, "{\"robotId\":1}"));
	}

	@Test
	void leavesSeveralRegistriesAloneWhereNoMillNeedsOne() {
		copying().withUserConfiguration(SeveralRegistries.class)
			.run((context) -> assertCopied(context, "{\"robotId\":1}"));
	}

	@Test
	void saysWhatToDoAboutSeveralObservationRegistriesOnceAMillNeedsOne() {
		copying().withUserConfiguration(SeveralRegistries.class)
			.withPropertyValues("watermill.mills.copy.observation-enabled=true")
			.run((context) -> {
				MillConfigurationException refusal = refusal(context);
				assertThat(refusal).isInstanceOf(InvalidPropertyException.class);
				assertThat(refusal.getDescription()).contains("watermill.mills.copy.observation-enabled",
						"several ObservationRegistry beans", "oneObservations, otherObservations");
				assertThat(refusal.getAction()).contains("@Primary");
			});
	}

	@Test
	void leavesBrokersOfTheUserToTheStreamsThatNameThem() {
		copying().withUserConfiguration(OfOneStream.class)
			.withPropertyValues("watermill.mills.other.auto-startup=false")
			.run((context) -> {
				assertCopied(context, "{\"robotId\":1}");
				assertThat(context.getBean(Injected.class).files())
					.isSameAs(context.getBean("ofOneStream", JsonFileBroker.class));
			});
		copying().withUserConfiguration(OfOneStream.class)
			.withPropertyValues("watermill.streams.a.file=", "watermill.streams.a.broker=ofOneStream",
					"watermill.streams.a.properties.file=" + this.directory.resolve("a.jsonl"),
					"watermill.streams.b.overwrite=true")
			.run((context) -> assertCopied(context, "{\"robotId\":7}"));
	}

	@Test
	void leavesTheBrokerOfTheUserAsTheOnlyOneToInject() {
		this.runner.withUserConfiguration(OfOneStream.class, WantsABroker.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Wanted.class).broker()).isSameAs(context.getBean("ofOneStream"));
		});
	}

	@Test
	void takesTheUsersBrokerOfItsOwnNameForAllFiles() {
		copying().withUserConfiguration(ForAllFiles.class).run((context) -> assertCopied(context, "{\"robotId\":42}"));
	}

	@Test
	void leavesBuildersOfTheUserAlone() {
		copying().withUserConfiguration(OwnBuilder.class).run((context) -> assertCopied(context, "{\"robotId\":1}"));
	}

	@Test
	void takesTheUsersBuilderOfItsOwnNameForAllFiles() {
		copying().withUserConfiguration(BuilderForAllFiles.class)
			.run((context) -> assertCopied(context, "{\"robotId\":9}"));
	}

	@Test
	void leavesNamesOfBeansToTheUser() {
		copying().withUserConfiguration(Names.class).run((context) -> {
			assertCopied(context, "{\"robotId\":1}");
			assertThat(context.getBean("mills")).isEqualTo("three");
		});
	}

	@Test
	void namesAllBeansAsItsOwn() {
		copying().withBean(MeterRegistry.class, SimpleMeterRegistry::new).run((context) -> {
			ConfigurableListableBeanFactory beans = context.getSourceApplicationContext().getBeanFactory();
			List<String> ours = new ArrayList<>();
			for (String name : beans.getBeanDefinitionNames()) {
				BeanDefinition definition = beans.getBeanDefinition(name);
				String from = (definition.getFactoryBeanName() != null) ? definition.getFactoryBeanName()
						: String.valueOf(definition.getBeanClassName());
				if (from.startsWith("dev.watermill.") && !from.startsWith(getClass().getName())) {
					ours.add(name);
				}
			}
			assertThat(ours).hasSizeGreaterThan(15)
				.allMatch((name) -> name.startsWith("watermill") || name.startsWith("dev.watermill."));
		});
	}

	record A(long robotId) {

	}

	record B(long robotId) {

	}

	record Injected(JsonFileBroker files) {

	}

	record Wanted(Broker broker) {

	}

	@WaterMillProcessor("copy")
	static class Copy {

		B copy(A a) {
			return new B(a.robotId());
		}

	}

	static class TwoMappers {

		@Bean
		JsonMapper oneMapper() {
			return new JsonMapper();
		}

		@Bean
		JsonMapper otherMapper() {
			return new JsonMapper();
		}

	}

	static class FirstMapper {

		@Bean
		@Primary
		JsonMapper firstMapper() {
			return JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE).build();
		}

	}

	static class MillsMapper {

		@Bean(defaultCandidate = false)
		JsonMapper watermillJsonMapper() {
			return JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE).build();
		}

	}

	static class SeveralOfKafka {

		@Bean
		ConsumerFactory<String, String> oneConsumerFactory() {
			return new DefaultKafkaConsumerFactory<>(Map.of());
		}

		@Bean
		ConsumerFactory<String, String> otherConsumerFactory() {
			return new DefaultKafkaConsumerFactory<>(Map.of());
		}

		@Bean
		ProducerFactory<String, String> oneProducerFactory() {
			return new DefaultKafkaProducerFactory<>(Map.of());
		}

		@Bean
		ProducerFactory<String, String> otherProducerFactory() {
			return new DefaultKafkaProducerFactory<>(Map.of());
		}

		@Bean
		KafkaAdmin oneAdmin() {
			return new KafkaAdmin(Map.of());
		}

		@Bean
		KafkaAdmin otherAdmin() {
			return new KafkaAdmin(Map.of());
		}

	}

	static class SeveralRegistries {

		@Bean
		ObservationRegistry oneObservations() {
			return ObservationRegistry.create();
		}

		@Bean
		ObservationRegistry otherObservations() {
			return ObservationRegistry.create();
		}

		@Bean
		MeterRegistry oneMeters() {
			return new SimpleMeterRegistry();
		}

		@Bean
		MeterRegistry otherMeters() {
			return new SimpleMeterRegistry();
		}

	}

	static class OfOneStream {

		@Bean
		JsonFileBroker ofOneStream(JsonFileBroker.Builder builder) {
			return builder.decoder("a", (bytes) -> new A(7)).build();
		}

		@Bean
		Injected injected(JsonFileBroker files) {
			return new Injected(files);
		}

	}

	static class WantsABroker {

		@Bean
		Wanted wanted(Broker broker) {
			return new Wanted(broker);
		}

	}

	static class ForAllFiles {

		@Bean
		JsonFileBroker watermillFileBroker(JsonFileBroker.Builder builder) {
			return builder.decoder("a", (bytes) -> new A(42)).build();
		}

	}

	static class OwnBuilder {

		@Bean
		JsonFileBroker.Builder ownBuilder() {
			return JsonFileBroker.builder(StrictJson.of(JsonMapper.shared())).decoder("a", (bytes) -> new A(9));
		}

	}

	static class BuilderForAllFiles {

		@Bean
		JsonFileBroker.Builder watermillFileBrokerBuilder() {
			return JsonFileBroker.builder(StrictJson.of(JsonMapper.shared())).decoder("a", (bytes) -> new A(9));
		}

	}

	static class Names {

		@Bean
		String mills() {
			return "three";
		}

		@Bean
		String streamBindings() {
			return "";
		}

		@Bean
		String completionExit() {
			return "";
		}

		@Bean
		String millLifecycle() {
			return "";
		}

		@Bean
		String jsonFileBroker() {
			return "";
		}

		@Bean
		String fileBindingResolver() {
			return "";
		}

		@Bean
		String brokerBindingResolver() {
			return "";
		}

		@Bean
		String kafkaBindingResolver() {
			return "";
		}

		@Bean
		String millTimers() {
			return "";
		}

		@Bean
		String millMetrics() {
			return "";
		}

		@Bean
		String millObservations() {
			return "";
		}

	}

}
