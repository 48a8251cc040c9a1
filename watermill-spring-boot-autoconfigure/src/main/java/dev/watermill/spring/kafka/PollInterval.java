package dev.watermill.spring.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import dev.watermill.broker.kafka.KafkaSettingsException.Client;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * How long a member of a consumer group may be away: one that hands a lane over comes
 * back when it has, and if that takes longer the group goes on without it.
 */
final class PollInterval {

	private static final String SETTING = ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG;

	private final ClientProperties clients;

	private final SettingOrigins origins;

	/**
	 * Create an object that knows the interval of each stream.
	 * @param clients the settings of clients
	 * @param origins knows the properties that settings come from
	 */
	PollInterval(ClientProperties clients, SettingOrigins origins) {
		this.clients = clients;
		this.origins = origins;
	}

	/**
	 * Refuse a time for handing over that is too long.
	 * @param stream the stream
	 * @param own the settings of its clients
	 * @param handOver how long a lane may take to be handed over
	 * @param property the property that says so
	 */
	void check(String stream, Map<String, String> own, Duration handOver, String property) {
		Object configured = this.clients.ofConsumer(own).get(SETTING);
		Duration interval = millis((configured != null) ? configured
				: Objects.requireNonNull(ConsumerConfig.configDef().defaultValues().get(SETTING)));
		if (handOver.compareTo(interval) < 0) {
			return;
		}
		String name = (configured != null) ? this.origins.find(Client.CONSUMER, stream, own, SETTING).name() : SETTING;
		throw new InvalidPropertyException(
				"The property " + property + " is " + handOver + ", which is not less than " + name + ", " + interval
						+ ": the consumer group would give the lanes away before they are handed over.",
				"Set " + property + " to less than that, or raise " + name + ".");
	}

	private static Duration millis(Object setting) {
		try {
			return Duration.ofMillis(Long.parseLong(String.valueOf(setting).trim()));
		}
		catch (NumberFormatException ex) {
			// the client says what is wrong
			return Duration.ofMillis(Long.MAX_VALUE);
		}
	}

}
