package dev.watermill.spring.kafka;

import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Finds the application's way of making Kafka clients.
 */
final class KafkaFactories {

	private KafkaFactories() {
	}

	static SpringKafkaClients clients(ObjectProvider<ConsumerFactory<?, ?>> consumers,
			ObjectProvider<ProducerFactory<?, ?>> producers, ObjectProvider<KafkaAdmin> admin,
			@Nullable SslBundles bundles, @Nullable ClassLoader classLoader) {
		ConsumerFactory<?, ?> consumerFactory = OneBean.required(consumers, "ConsumerFactory");
		ProducerFactory<?, ?> producerFactory = OneBean.required(producers, "ProducerFactory");
		check(consumerFactory, consumerFactory::getConfigurationProperties);
		check(producerFactory, producerFactory::getConfigurationProperties);
		return new SpringKafkaClients(consumerFactory, producerFactory, OneBean.available(admin, "KafkaAdmin"), bundles,
				classLoader);
	}

	private static void check(Object factory, Runnable settings) {
		try {
			settings.run();
		}
		catch (UnsupportedOperationException ex) {
			throw new InvalidBindingException(
					"Streams are bound to Kafka topics, but " + factory.getClass().getName()
							+ " does not tell the settings of its clients, so that the mills can't connect as they do.",
					"Let it implement getConfigurationProperties(), or define a KafkaClients bean named watermillKafkaClients.",
					ex);
		}
	}

}
