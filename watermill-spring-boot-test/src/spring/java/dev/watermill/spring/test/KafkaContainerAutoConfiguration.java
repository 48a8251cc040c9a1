package dev.watermill.spring.test;

import java.util.List;

import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.kafka.KafkaContainer;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * Leads tests that name no Kafka to one in a container, which all of them share.
 */
@AutoConfiguration(after = EmbeddedKafkaAutoConfiguration.class, before = KafkaAutoConfiguration.class)
@ConditionalOnClass({ KafkaContainer.class, KafkaConnectionDetails.class })
@ConditionalOnMissingBean(KafkaConnectionDetails.class)
@ConditionalOnProperty(name = "spring.kafka.bootstrap-servers", havingValue = "none", matchIfMissing = true)
final class KafkaContainerAutoConfiguration {

	@Bean
	@Lazy
	KafkaConnectionDetails watermillKafkaContainer() {
		List<String> servers = List.of(SharedContainer.SERVERS);
		return () -> servers;
	}

	/**
	 * Started when somebody needs it. Testcontainers removes it after the JVM's end.
	 */
	private static final class SharedContainer {

		private static final String SERVERS = start();

		@SuppressWarnings("resource")
		private static String start() {
			KafkaContainer container = new KafkaContainer("apache/kafka-native:" + AppInfoParser.getVersion());
			container.start();
			return container.getBootstrapServers();
		}

	}

}
