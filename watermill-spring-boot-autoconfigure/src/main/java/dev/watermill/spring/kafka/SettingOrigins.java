package dev.watermill.spring.kafka;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

import dev.watermill.broker.kafka.KafkaSettingsException.Client;
import dev.watermill.spring.naming.internal.RelaxedName;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Finds the property of the application that a setting of a Kafka client comes from.
 */
final class SettingOrigins {

	private static final ConfigurationPropertyName STREAMS = ConfigurationPropertyName.of("watermill.streams");

	private final Environment environment;

	SettingOrigins(Environment environment) {
		this.environment = environment;
	}

	/**
	 * Find where a setting comes from.
	 * @param client the kind of client that has it
	 * @param stream the stream that the client is for
	 * @param own the settings of the stream's clients
	 * @param setting the setting, by Kafka's name for it
	 */
	Found find(Client client, String stream, Map<String, String> own, String setting) {
		String value = (definition(client).configKeys().containsKey(setting) && !isSecret(client, setting))
				? setting + "=" : "";
		if (own.containsKey(setting)) {
			ConfigurationProperty property = property((name) -> isOfStream(name, stream, setting));
			String name = "watermill.streams." + stream + ".properties." + setting;
			return new Found(setting, name, describe(name, value, own.get(setting), property), true);
		}
		for (ConfigurationPropertyName prefix : prefixes(client)) {
			ConfigurationProperty property = property((name) -> isUnder(name, prefix, setting));
			if (property != null) {
				String name = property.getName().toString();
				return new Found(setting, name, describe(name, value, property.getValue(), property), false);
			}
		}
		String factory = (client == Client.ADMIN) ? "KafkaAdmin"
				: (client == Client.CONSUMER) ? "ConsumerFactory" : "ProducerFactory";
		String name = setting + " of the " + factory + " bean";
		return new Found(setting, name, name, false);
	}

	private static List<ConfigurationPropertyName> prefixes(Client client) {
		ConfigurationPropertyName kafka = ConfigurationPropertyName.of("spring.kafka");
		ConfigurationPropertyName own = kafka.append(client.name().toLowerCase(Locale.ROOT));
		return List.of(own.append("properties"), own, kafka.append("properties"), kafka);
	}

	private @Nullable ConfigurationProperty property(Predicate<ConfigurationPropertyName> matching) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				ConfigurationPropertyName found = iterable.stream().filter(matching).findFirst().orElse(null);
				if (found != null) {
					return source.getConfigurationProperty(found);
				}
			}
		}
		return null;
	}

	private static boolean isOfStream(ConfigurationPropertyName name, String stream, String setting) {
		return STREAMS.isAncestorOf(name) && name.getNumberOfElements() > 4
				&& RelaxedName.of(name.getElement(2, Form.ORIGINAL)).equals(RelaxedName.of(stream))
				&& name.getElement(3, Form.UNIFORM).equals("properties") && uniform(name, 4).equals(uniform(setting));
	}

	private static boolean isUnder(ConfigurationPropertyName name, ConfigurationPropertyName prefix, String setting) {
		return prefix.isAncestorOf(name) && uniform(name, prefix.getNumberOfElements()).equals(uniform(setting));
	}

	private static String uniform(ConfigurationPropertyName name, int from) {
		return uniform(name.subName(from).toString());
	}

	/**
	 * Return what a setting and the property for it have in common: where Kafka says
	 * {@code fetch.min.bytes} and {@code heartbeat.interval.ms}, Spring Boot has
	 * {@code fetch-min-size} and {@code heartbeat-interval}.
	 */
	private static String uniform(String setting) {
		return setting.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "").replaceAll("(ms|bytes|size)$", "");
	}

	private static String describe(String name, String prefix, @Nullable Object value,
			@Nullable ConfigurationProperty property) {
		String shown = prefix.isEmpty() ? "" : prefix + value;
		String origin = (property != null && property.getOrigin() != null) ? property.getOrigin().toString() : "";
		String both = shown + ((shown.isEmpty() || origin.isEmpty()) ? "" : ", ") + origin;
		return both.isEmpty() ? name : name + " (" + both + ")";
	}

	private static boolean isSecret(Client client, String setting) {
		ConfigDef.ConfigKey key = definition(client).configKeys().get(setting);
		// nobody knows what others make of a setting that is none of Kafka's
		return key == null || key.type == ConfigDef.Type.PASSWORD;
	}

	private static ConfigDef definition(Client client) {
		return switch (client) {
			case CONSUMER -> ConsumerConfig.configDef();
			case PRODUCER -> ProducerConfig.configDef();
			case ADMIN -> AdminClientConfig.configDef();
		};
	}

	/**
	 * A setting and where it comes from.
	 *
	 * @param setting Kafka's name for it
	 * @param name the property, or what else has it
	 * @param description the same with its value and origin, as far as they may be shown
	 * @param ofStream whether it is for the clients of the stream alone
	 */
	record Found(String setting, String name, String description, boolean ofStream) {

	}

}
