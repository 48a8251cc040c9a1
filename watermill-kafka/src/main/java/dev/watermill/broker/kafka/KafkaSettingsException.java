package dev.watermill.broker.kafka;

import dev.watermill.broker.BrokerException;

/**
 * A client of Kafka can't be made with its settings, whatever the cluster says.
 *
 * @since 0.1.0
 */
public final class KafkaSettingsException extends BrokerException {

	private static final long serialVersionUID = 1L;

	private final Client client;

	private final String reason;

	private final transient ClientSettings settings;

	KafkaSettingsException(Client client, ClientSettings settings, Throwable cause) {
		super("Kafka's " + client + " can't be made with its settings: " + KafkaFailures.reason(cause) + ".", cause);
		this.client = client;
		this.reason = KafkaFailures.reason(cause);
		this.settings = settings;
	}

	/**
	 * Return the kind of client.
	 * @return the kind
	 */
	public Client client() {
		return this.client;
	}

	/**
	 * Return what the client says about its settings.
	 * @return its words, without a full stop
	 */
	public String reason() {
		return this.reason;
	}

	/**
	 * Return what the mill asked for.
	 * @return the settings; an administrative client has none of a mill's
	 */
	public ClientSettings settings() {
		return this.settings;
	}

	/**
	 * A kind of client.
	 *
	 * @since 0.1.0
	 */
	public enum Client {

		/**
		 * Reads topics and positions.
		 */
		CONSUMER("consumer"),

		/**
		 * Writes topics in transactions.
		 */
		PRODUCER("producer"),

		/**
		 * Looks at topics and makes them.
		 */
		ADMIN("admin client");

		private final String words;

		Client(String words) {
			this.words = words;
		}

		@Override
		public String toString() {
			return this.words;
		}

	}

}
