package dev.watermill.spring.kafka;

import dev.watermill.broker.file.StrictJson;
import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.spring.diagnostics.InvalidPropertyException;
import dev.watermill.spring.properties.KafkaProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.util.StringUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for streams in Kafka topics, with
 * clients like those of the application's own factories. Nothing is made before a stream
 * is bound to a topic.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = { "dev.watermill.spring.autoconfigure.WaterMillAutoConfiguration",
		"org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
		"org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration" })
@ConditionalOnClass({ Consumer.class, ConsumerFactory.class, JsonMapper.class })
@ConditionalOnBooleanProperty(name = "watermill.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WaterMillProperties.class)
public final class KafkaBrokerAutoConfiguration {

	@Bean
	@Lazy
	@ConditionalOnMissingBean(KafkaClients.class)
	SpringKafkaClients watermillKafkaClients(ObjectProvider<ConsumerFactory<?, ?>> consumers,
			ObjectProvider<ProducerFactory<?, ?>> producers, ObjectProvider<KafkaAdmin> admin,
			ConfigurableBeanFactory beanFactory) {
		return KafkaFactories.clients(consumers, producers, admin, beanFactory.getBeanClassLoader());
	}

	@Bean
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	@ConditionalOnMissingBean
	KafkaBroker.Builder watermillKafkaBrokerBuilder(WaterMillProperties properties, Environment environment,
			KafkaClients clients, ObjectProvider<JsonMapper> mapper) {
		KafkaProperties kafka = properties.getKafka();
		return KafkaBroker.builder(clients, StrictJson.of(mapper.getIfAvailable(JsonMapper::shared)))
			.groupIdPrefix(prefix(kafka.getGroupIdPrefix(), environment.getProperty("spring.application.name")))
			.createTopics(kafka.isCreateTopics());
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	KafkaBroker watermillKafkaBroker(KafkaBroker.Builder builder) {
		return builder.build();
	}

	@Bean
	KafkaBindingResolver kafkaBindingResolver(ObjectProvider<KafkaBroker> broker, ObjectProvider<KafkaClients> clients,
			ConfigurableListableBeanFactory beanFactory) {
		ClientProperties properties = new ClientProperties(clients::getObject);
		return new KafkaBindingResolver(() -> OneBean.required(broker, "KafkaBroker"),
				new KafkaCodecs(beanFactory, properties), properties);
	}

	private static String prefix(@Nullable String configured, @Nullable String application) {
		if (configured != null && StringUtils.hasText(configured)) {
			return configured.trim();
		}
		if (application != null && StringUtils.hasText(application)) {
			return application.trim();
		}
		throw new InvalidPropertyException(
				"Streams are bound to Kafka topics, but nothing tells the consumer groups and transactions of this "
						+ "application from those of others.",
				"Set spring.application.name, or watermill.kafka.group-id-prefix.");
	}

}
