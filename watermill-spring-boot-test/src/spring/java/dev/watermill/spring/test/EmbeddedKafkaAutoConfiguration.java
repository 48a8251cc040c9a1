package dev.watermill.spring.test;

import java.util.List;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.context.EmbeddedKafka;

/**
 * Leads tests with {@link EmbeddedKafka @EmbeddedKafka} to the broker that this gives
 * them, wherever the settings of the application lead.
 */
@AutoConfiguration(before = KafkaAutoConfiguration.class)
@ConditionalOnClass({ EmbeddedKafkaBroker.class, KafkaConnectionDetails.class })
@ConditionalOnBean(EmbeddedKafkaBroker.class)
@ConditionalOnMissingBean(KafkaConnectionDetails.class)
final class EmbeddedKafkaAutoConfiguration {

	@Bean
	KafkaConnectionDetails watermillEmbeddedKafka(EmbeddedKafkaBroker broker) {
		List<String> servers = List.of(broker.getBrokersAsString().split(","));
		return () -> servers;
	}

}
