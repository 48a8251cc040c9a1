package dev.watermill.spring.test;

import org.junit.jupiter.api.Test;
import org.testcontainers.kafka.KafkaContainer;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which Kafka tests are led to, by what there is; where nothing of ours leads them, the
 * settings do, as ever.
 */
class KafkaChoiceTests {

	private static final String SERVERS = "spring.kafka.bootstrap-servers=there:9092";

	/** Of beans that nobody makes, since one of them would start a container. */
	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			// where brokers of other tests in this JVM are
			.remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME))
		.withInitializer(
				(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
		.withConfiguration(
				AutoConfigurations.of(EmbeddedKafkaAutoConfiguration.class, KafkaContainerAutoConfiguration.class));

	@Test
	void anEmbeddedOneWhateverTheSettingsSay() {
		assertChosen(this.runner
			.withBean("embeddedKafka", EmbeddedKafkaBroker.class, () -> new EmbeddedKafkaKraftBroker(1, 1))
			.withPropertyValues(SERVERS), "watermillEmbeddedKafka");
	}

	@Test
	void thatOfTheSettings() {
		assertChosen(this.runner.withPropertyValues(SERVERS));
	}

	@Test
	void oneInAContainer() {
		assertChosen(this.runner, "watermillKafkaContainer");
	}

	@Test
	void thatOfTheSettingsWithoutTestcontainers() {
		assertChosen(this.runner.withClassLoader(new FilteredClassLoader(KafkaContainer.class)));
		assertChosen(
				this.runner.withClassLoader(new FilteredClassLoader(KafkaContainer.class, EmbeddedKafkaBroker.class)));
	}

	@Test
	void thatOfAServiceConnection() {
		assertChosen(this.runner.withBean("mine", KafkaConnectionDetails.class, () -> () -> null), "mine");
	}

	private static void assertChosen(ApplicationContextRunner runner, String... names) {
		runner.run((context) -> assertThat(context.getBeanNamesForType(KafkaConnectionDetails.class, true, false))
			.containsExactly(names));
	}

}
