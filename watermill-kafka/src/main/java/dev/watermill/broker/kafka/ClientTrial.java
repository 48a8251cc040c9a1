package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.watermill.broker.BrokerUnavailableException;
import org.apache.kafka.clients.consumer.CloseOptions;

/**
 * Makes clients just to see whether their settings allow it, since nothing else knows all
 * that they refuse. Nobody waits for the cluster. Each settings are tried once.
 * Thread-safe.
 */
final class ClientTrial {

	private static final ClientSettings NONE = new ClientSettings(Map.of(), Map.of(), Map.of());

	private final KafkaClients clients;

	private final Set<ClientSettings> tried = ConcurrentHashMap.newKeySet();

	ClientTrial(KafkaClients clients) {
		this.clients = clients;
	}

	void admin() {
		make(KafkaSettingsException.Client.ADMIN, NONE, () -> this.clients.admin().close(Duration.ZERO));
	}

	void consumer(ClientSettings settings) {
		make(KafkaSettingsException.Client.CONSUMER, settings,
				() -> this.clients.consumer(settings).close(CloseOptions.timeout(Duration.ZERO)));
	}

	void producer(ClientSettings settings) {
		make(KafkaSettingsException.Client.PRODUCER, settings,
				() -> this.clients.producer(settings).close(Duration.ZERO));
	}

	private void make(KafkaSettingsException.Client client, ClientSettings settings, Runnable trial) {
		if (this.tried.contains(settings)) {
			return;
		}
		try {
			trial.run();
		}
		catch (RuntimeException ex) {
			if (!(KafkaFailures.translate("", ex) instanceof BrokerUnavailableException)) {
				throw new KafkaSettingsException(client, settings, ex);
			}
		}
		this.tried.add(settings);
	}

}
