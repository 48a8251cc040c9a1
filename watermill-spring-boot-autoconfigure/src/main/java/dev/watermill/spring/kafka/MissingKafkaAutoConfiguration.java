package dev.watermill.spring.kafka;

import dev.watermill.spring.binding.internal.StreamKind;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for an application without Kafka:
 * the settings of topics exist in it as well, and whoever binds a stream to one learns
 * what is missing.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = "dev.watermill.spring.kafka.KafkaBrokerAutoConfiguration")
@ConditionalOnBooleanProperty(name = "watermill.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(name = "watermillTopicKind", search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(KafkaProperties.class)
public final class MissingKafkaAutoConfiguration {

	@Bean
	StreamKind watermillTopicKind() {
		return new MissingKafkaKind(TopicSettings.PROPERTY, TopicSettings.TARGET);
	}

	@Bean
	StreamKind watermillTopicsKind() {
		return new MissingKafkaKind(TopicSettings.SEVERAL, TopicSettings.SEVERAL_TARGET);
	}

}
