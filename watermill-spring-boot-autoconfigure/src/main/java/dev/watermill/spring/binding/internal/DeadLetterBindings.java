package dev.watermill.spring.binding.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.naming.internal.RelaxedName;
import dev.watermill.spring.properties.DeadLetterProperties;
import dev.watermill.spring.properties.internal.Alternatives;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * Finds where dead letters go, by the kinds of places there are.
 */
final class DeadLetterBindings {

	private static final String DEAD_LETTER = "dead-letter";

	private final List<StreamKind> kinds;

	private final Environment environment;

	DeadLetterBindings(List<StreamKind> kinds, Environment environment) {
		this.kinds = kinds;
		this.environment = environment;
	}

	/**
	 * Find a place.
	 * @param root what the names of the user's own stand under
	 * @param names the names that users have given
	 * @param name the name of the stream or mill
	 * @param settings what is said of its dead letters
	 * @return the place, empty if none is named
	 * @throws InvalidBindingException if there are several, or it can't be used
	 */
	Optional<StreamBinding> get(String root, Set<String> names, String name, @Nullable DeadLetterProperties settings) {
		Map<String, String> places = new LinkedHashMap<>();
		if (settings != null) {
			put(places, "topic", settings.getTopic());
			put(places, "file", settings.getFile());
		}
		String key = names.stream()
			.filter((known) -> RelaxedName.of(known).equals(RelaxedName.of(name)))
			.findFirst()
			.orElse(name);
		if (places.size() > 1) {
			places.keySet()
				.retainAll(new Alternatives(ConfigurationPropertySources.get(this.environment)).highest(root, key,
						DEAD_LETTER, places.keySet()));
		}
		String prefix = root + "." + name + "." + DEAD_LETTER + ".";
		if (places.size() > 1) {
			List<String> properties = new ArrayList<>(places.keySet());
			properties.replaceAll(prefix::concat);
			throw new InvalidBindingException(
					"Dead letters would go to two places: " + String.join(" and ", properties) + " are set.",
					"Keep one of them.");
		}
		return places.entrySet()
			.stream()
			.map((place) -> kind(place.getKey(), prefix).bindDeadLetters(place.getValue().trim(),
					prefix + place.getKey()))
			.findFirst();
	}

	private StreamKind kind(String property, String prefix) {
		return this.kinds.stream()
			.filter((kind) -> kind.property().equals(property))
			.findFirst()
			.orElseThrow(() -> new InvalidBindingException(
					"Nothing in the application understands " + prefix + property + ".",
					"Remove it, or add the library that does."));
	}

	private static void put(Map<String, String> places, String property, @Nullable String place) {
		if (place != null) {
			places.put(property, place);
		}
	}

}
