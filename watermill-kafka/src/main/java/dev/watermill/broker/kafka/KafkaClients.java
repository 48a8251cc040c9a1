package dev.watermill.broker.kafka;

import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Makes the clients by which mills talk to one Kafka cluster: the seam for a framework
 * that knows how to connect. What it makes is closed by the caller. Thread-safe.
 *
 * @since 0.1.0
 */
public interface KafkaClients {

	/**
	 * Make a consumer.
	 * @param settings what the mill asks for
	 * @return a new consumer
	 */
	Consumer<byte[], byte[]> consumer(ClientSettings settings);

	/**
	 * Make a producer.
	 * @param settings what the mill asks for
	 * @return a new producer
	 */
	Producer<byte[], byte[]> producer(ClientSettings settings);

	/**
	 * Make an administrative client.
	 * @return a new client
	 */
	Admin admin();

	/**
	 * Return what all producers have in common, which says how large a record may be.
	 * @return the settings, as far as they are known
	 */
	default Map<String, ?> producerSettings() {
		return Map.of();
	}

	/**
	 * Return a maker of plain clients.
	 * @param properties what all clients have in common, {@code bootstrap.servers} above
	 * all
	 * @return the maker
	 */
	static KafkaClients of(Map<String, ?> properties) {
		Map<String, Object> common = new HashMap<>(properties);
		return new KafkaClients() {

			@Override
			public Consumer<byte[], byte[]> consumer(ClientSettings settings) {
				return new KafkaConsumer<>(settings.over(common));
			}

			@Override
			public Producer<byte[], byte[]> producer(ClientSettings settings) {
				return new KafkaProducer<>(settings.over(common));
			}

			@Override
			public Map<String, ?> producerSettings() {
				return common;
			}

			@Override
			public Admin admin() {
				Map<String, Object> known = new HashMap<>(common);
				known.keySet().retainAll(AdminClientConfig.configNames());
				return Admin.create(known);
			}

		};
	}

}
