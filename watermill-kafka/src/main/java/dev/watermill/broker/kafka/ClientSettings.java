package dev.watermill.broker.kafka;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a Kafka client that a mill asks for. Immutable.
 *
 * @param defaults what suits mills, unless the user says otherwise
 * @param stream what the user says for one stream, which goes before what is said for all
 * @param enforced what mills depend on, whatever anyone says; {@code null} stands for a
 * setting that must not be there
 * @param limits what numbers may be at most, whoever says them
 * @since 0.1.0
 */
public record ClientSettings(Map<String, Object> defaults, Map<String, Object> stream,
		Map<String, @Nullable Object> enforced, Map<String, Integer> limits) {

	/** Where brokers decide on these a client with any of them can't be made. */
	private static final Set<String> CLASSIC = Set.of(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
			ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);

	/**
	 * Create settings.
	 * @param defaults what suits mills
	 * @param stream what the user says for one stream
	 * @param enforced what mills depend on
	 * @param limits what numbers may be at most
	 */
	public ClientSettings {
		defaults = Map.copyOf(defaults);
		stream = Map.copyOf(stream);
		enforced = Collections.unmodifiableMap(new HashMap<>(enforced));
		limits = Map.copyOf(limits);
	}

	/**
	 * Create settings without limits.
	 * @param defaults what suits mills
	 * @param stream what the user says for one stream
	 * @param enforced what mills depend on
	 */
	public ClientSettings(Map<String, Object> defaults, Map<String, Object> stream,
			Map<String, @Nullable Object> enforced) {
		this(defaults, stream, enforced, Map.of());
	}

	/**
	 * Return the settings of a client. Of a consumer whose {@code group.protocol} the
	 * user sets to {@code consumer}, what the brokers decide on has no defaults here.
	 * @param users what the user says for all clients of its kind
	 * @return a new map
	 */
	public Map<String, Object> over(Map<String, ?> users) {
		Map<String, Object> said = new HashMap<>(users);
		said.putAll(this.stream);
		Map<String, Object> settings = new HashMap<>(this.defaults);
		if (GroupProtocol.CONSUMER.name()
			.equalsIgnoreCase(String.valueOf(said.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)).trim())) {
			settings.keySet().removeAll(CLASSIC);
		}
		settings.putAll(said);
		this.enforced.forEach((name, value) -> {
			if (value != null) {
				settings.put(name, value);
			}
			else {
				settings.remove(name);
			}
		});
		this.limits.forEach((name, most) -> settings.computeIfPresent(name,
				(key, value) -> isAbove(most, String.valueOf(value).trim()) ? most : value));
		return settings;
	}

	private static boolean isAbove(int most, String value) {
		try {
			return Long.parseLong(value) > most;
		}
		catch (NumberFormatException ex) {
			// the client says what is wrong
			return false;
		}
	}

}
