package dev.watermill.spring.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import dev.watermill.broker.kafka.KafkaClients;

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

}
