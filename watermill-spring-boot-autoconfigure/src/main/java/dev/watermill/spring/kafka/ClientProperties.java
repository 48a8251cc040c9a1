package dev.watermill.spring.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.spring.diagnostics.InvalidBindingException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The settings of a stream's clients: those of all clients of the application, overlaid
 * by the stream's own.
 */
final class ClientProperties {

	private final Supplier<KafkaClients> clients;

	/**
	 * Create an object that knows settings.
	 * @param clients the clients, asked for only if there is a topic
	 */
	ClientProperties(Supplier<KafkaClients> clients) {
		this.clients = clients;
	}

	Map<String, Object> ofConsumer(Map<String, String> stream) {
		return (this.clients.get() instanceof SpringKafkaClients known) ? over(known.consumerProperties(), stream)
				: new HashMap<>(stream);
	}

	Map<String, Object> ofProducer(Map<String, String> stream) {
		return (this.clients.get() instanceof SpringKafkaClients known) ? over(known.producerProperties(), stream)
				: new HashMap<>(stream);
	}

	private static Map<String, Object> over(Map<String, Object> users, Map<String, String> stream) {
		Map<String, Object> settings = new HashMap<>(users);
		settings.putAll(stream);
		return settings;
	}

	/**
	 * Refuse values that no client takes, whichever of them the stream will need.
	 */
	void check(String name, Map<String, String> stream) {
		Map<String, Object> consumer = ofConsumer(stream);
		consumer.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
		consumer.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
		check(name, ConsumerConfig.configDef(), consumer);
		Map<String, Object> producer = ofProducer(stream);
		producer.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
		producer.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
		check(name, ProducerConfig.configDef(), producer);
	}

	private static void check(String name, ConfigDef definition, Map<String, Object> settings) {
		try {
			definition.parse(settings);
		}
		catch (ConfigException ex) {
			throw new InvalidBindingException(
					"The stream '" + name + "' has settings that Kafka's clients refuse: " + ex.getMessage() + ".",
					"Correct them under watermill.streams." + name + ".properties or spring.kafka.", ex);
		}
	}

}
