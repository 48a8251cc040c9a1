package dev.watermill.spring.kafka;

import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.spring.binding.internal.StreamMapper;
import dev.watermill.spring.binding.internal.StreamMapperConfiguration;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
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
 * is bound to a topic. Beans of the application's own take the place of these by their
 * names: one of the same type may be for another cluster.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = { "dev.watermill.spring.mill.WaterMillAutoConfiguration",
		"org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
		"org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration" })
@ConditionalOnClass({ KafkaBroker.class, Consumer.class, ConsumerFactory.class, JsonMapper.class })
@ConditionalOnBooleanProperty(name = "watermill.enabled", matchIfMissing = true)
@EnableConfigurationProperties(KafkaProperties.class)
@Import(StreamMapperConfiguration.class)
public final class KafkaBrokerAutoConfiguration {

	@Bean
	@Lazy
	@Fallback
	@ConditionalOnMissingBean(name = "watermillKafkaClients", search = SearchStrategy.CURRENT)
	SpringKafkaClients watermillKafkaClients(ObjectProvider<ConsumerFactory<?, ?>> consumers,
			ObjectProvider<ProducerFactory<?, ?>> producers, ObjectProvider<KafkaAdmin> admin,
			ObjectProvider<SslBundles> bundles, ConfigurableBeanFactory beanFactory) {
		return KafkaFactories.clients(consumers, producers, admin, bundles.getIfAvailable(),
				beanFactory.getBeanClassLoader());
	}

	@Bean
	@Fallback
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	@ConditionalOnMissingBean(name = "watermillKafkaBrokerBuilder", search = SearchStrategy.CURRENT)
	KafkaBroker.Builder watermillKafkaBrokerBuilder(KafkaProperties properties, Environment environment,
			@Qualifier("watermillKafkaClients") KafkaClients clients, StreamMapper mapper) {
		return KafkaBroker.builder(clients, mapper.get())
			.groupIdPrefix(prefix(properties.groupIdPrefix(), environment.getProperty("spring.application.name")))
			.createTopics(properties.createTopics());
	}

	@Bean
	@Lazy
	@Fallback
	@ConditionalOnMissingBean(name = "watermillKafkaBroker", search = SearchStrategy.CURRENT)
	KafkaBroker watermillKafkaBroker(@Qualifier("watermillKafkaBrokerBuilder") KafkaBroker.Builder builder) {
		return builder.build();
	}

	@Bean
	TopicKind watermillTopicKind(@Qualifier("watermillKafkaBroker") ObjectProvider<KafkaBroker> broker,
			@Qualifier("watermillKafkaClients") ObjectProvider<KafkaClients> clients,
			ConfigurableListableBeanFactory beanFactory, Environment environment) {
		ClientProperties settings = new ClientProperties(clients::getObject);
		SettingOrigins origins = new SettingOrigins(environment);
		return new TopicKind(broker::getObject, new KafkaCodecs(beanFactory, settings),
				new RefusedSettings(clients::getObject, origins), new PollInterval(settings, origins));
	}

	@Bean
	TopicsKind watermillTopicsKind(TopicKind watermillTopicKind) {
		return new TopicsKind(watermillTopicKind);
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
