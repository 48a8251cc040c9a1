package dev.watermill.spring.kafka;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import dev.watermill.broker.kafka.ClientSettings;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.broker.kafka.KafkaSettingsException;
import dev.watermill.broker.kafka.KafkaSettingsException.Client;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * Finds which settings it is that a client of Kafka can't be made with. The client's own
 * words often name none, or one of several that don't go together. So clients are made
 * without one setting after another: those stay without which it would not be this
 * failure.
 */
final class RefusedSettings {

	private final Supplier<KafkaClients> clients;

	private final SettingOrigins origins;

	/**
	 * Create an object that finds what is refused.
	 * @param clients makes the clients
	 * @param origins knows the properties that settings come from
	 */
	RefusedSettings(Supplier<KafkaClients> clients, SettingOrigins origins) {
		this.clients = clients;
		this.origins = origins;
	}

	InvalidBindingException explain(String stream, Map<String, String> own, KafkaSettingsException refused) {
		List<SettingOrigins.Found> found = refused(refused).stream()
			.map((name) -> this.origins.find(refused.client(), stream, own, name))
			.toList();
		String description = "The stream '" + stream + "' has settings that Kafka's clients refuse, here the "
				+ refused.client() + ": " + refused.reason() + ".";
		String ofStream = "watermill.streams." + stream + ".properties";
		if (found.isEmpty()) {
			return new InvalidBindingException(description, "Correct them under " + ofStream + " or spring.kafka.",
					refused);
		}
		boolean alone = found.stream().allMatch(SettingOrigins.Found::ofStream) || refused.client() == Client.ADMIN;
		String instead = alone ? ""
				: " What is meant for the mills' clients alone goes under watermill.streams, as with " + ofStream + "."
						+ found.get(0).setting() + ".";
		return new InvalidBindingException(
				description + " It comes from "
						+ String.join(" and ", found.stream().map(SettingOrigins.Found::description).toList()) + ".",
				"Correct or remove " + String.join(" and ", found.stream().map(SettingOrigins.Found::name).toList())
						+ "." + instead,
				refused);
	}

	/**
	 * Return the settings by which alone the client fails as it did, none if others than
	 * the user's have a part in it.
	 */
	private Set<String> refused(KafkaSettingsException refused) {
		if (!(this.clients.get() instanceof SpringKafkaClients known)) {
			return Set.of();
		}
		Map<String, Object> users = known.properties(refused.client());
		ClientSettings asked = refused.settings();
		Set<String> suspects = new TreeSet<>(users.keySet());
		suspects.addAll(asked.stream().keySet());
		suspects.removeAll(asked.enforced().keySet());
		// no client is made without it
		suspects.remove(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
		String failure = failure(refused.getCause());
		Set<String> cleared = new HashSet<>();
		if (!failure.equals(tryOut(known, refused.client(), asked, users, cleared))) {
			return Set.of();
		}
		for (String suspect : suspects) {
			cleared.add(suspect);
			if (!failure.equals(tryOut(known, refused.client(), asked, users, cleared))) {
				cleared.remove(suspect);
			}
		}
		suspects.removeAll(cleared);
		return suspects;
	}

	private static @Nullable String tryOut(SpringKafkaClients clients, Client client, ClientSettings asked,
			Map<String, Object> users, Set<String> without) {
		Map<String, Object> ofAll = new HashMap<>(users);
		Map<String, Object> ofStream = new HashMap<>(asked.stream());
		ofAll.keySet().removeAll(without);
		ofStream.keySet().removeAll(without);
		try {
			clients.tryOut(client, new ClientSettings(asked.defaults(), ofStream, asked.enforced()).over(ofAll));
			return null;
		}
		catch (RuntimeException ex) {
			return failure(ex);
		}
	}

	private static String failure(@Nullable Throwable failure) {
		return (failure != null) ? NestedExceptionUtils.getMostSpecificCause(failure).toString() : "";
	}

}
