package dev.watermill.spring.properties.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Refuses a property that one source has twice, in two spellings and with two values:
 * only one of them would be used. Between sources the order decides, as always.
 */
final class DuplicateSettings {

	private final ConfigurationPropertyName root;

	DuplicateSettings(ConfigurationPropertyName root) {
		this.root = root;
	}

	void check(Iterable<ConfigurationPropertySource> sources) {
		for (ConfigurationPropertySource source : sources) {
			if (source.getUnderlyingSource() instanceof EnumerablePropertySource<?> properties
					&& !(properties instanceof SystemEnvironmentPropertySource)) {
				check(properties);
			}
		}
	}

	private void check(EnumerablePropertySource<?> source) {
		Map<ConfigurationPropertyName, String> spellings = new HashMap<>();
		for (String spelling : source.getPropertyNames()) {
			ConfigurationPropertyName name = ConfigurationPropertyName.adapt(spelling, '.');
			String other = this.root.isAncestorOf(name) ? spellings.putIfAbsent(name, spelling) : null;
			if (other != null && !Objects.equals(source.getProperty(other), source.getProperty(spelling))) {
				throw new InvalidPropertyException("The properties " + other + " and " + spelling
						+ " are one in two spellings, but have different values.", "Keep one of them.");
			}
		}
	}

}
