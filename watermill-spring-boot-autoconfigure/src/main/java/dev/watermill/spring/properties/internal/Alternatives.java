package dev.watermill.spring.properties.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;

/**
 * Settings of which only one can hold, such as the places a stream may live in: that of
 * the highest property source counts, so that a profile or the command line moves a
 * stream without having to unset where it was.
 *
 * @since 0.1.0
 */
public final class Alternatives {

	private final List<ConfigurationPropertySource> sources = new ArrayList<>();

	/**
	 * Create an object that chooses.
	 * @param sources the sources of all settings, the highest first
	 */
	public Alternatives(Iterable<ConfigurationPropertySource> sources) {
		sources.forEach(this.sources::add);
	}

	/**
	 * Return those of some settings that the highest source has which has any of them.
	 * @param root what the names of the user's own stand under
	 * @param key the name of the user's own
	 * @param below what the settings stand under below the name, empty for nothing
	 * @param settings the last elements of the names of those that are set
	 * @return some of the settings, or all
	 */
	public Set<String> highest(String root, String key, String below, Set<String> settings) {
		List<ConfigurationPropertyName> names = names(root, key, below);
		int highest = settings.stream().mapToInt((setting) -> rank(names, setting)).min().orElse(0);
		return settings.stream()
			.filter((setting) -> rank(names, setting) == highest)
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	/**
	 * Return what the settings under a name of the user's own can be called, which is
	 * written in brackets or without.
	 */
	private static List<ConfigurationPropertyName> names(String root, String key, String below) {
		ConfigurationPropertyName above = ConfigurationPropertyName.of(root);
		List<ConfigurationPropertyName> names = new ArrayList<>();
		names.add(above.append("[" + key + "]").append(below));
		if (key.chars().allMatch((c) -> c < 128 && c != '.')) {
			names.add(above.append(ConfigurationPropertyName.adapt(key, '.')).append(below));
		}
		return names;
	}

	/**
	 * Return the place of the source that a property's value comes from, the highest one
	 * that has it.
	 */
	private int rank(List<ConfigurationPropertyName> names, String property) {
		int rank = 0;
		while (rank < this.sources.size() && !has(this.sources.get(rank), names, property)) {
			rank++;
		}
		return rank;
	}

	private static boolean has(ConfigurationPropertySource source, List<ConfigurationPropertyName> names,
			String property) {
		return names.stream()
			.map((name) -> name.append(property))
			.anyMatch((name) -> source.getConfigurationProperty(name) != null
					// a list has its items
					|| source.getConfigurationProperty(name.append("[0]")) != null);
	}

}
