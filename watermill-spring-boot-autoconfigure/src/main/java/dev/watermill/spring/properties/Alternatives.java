package dev.watermill.spring.properties;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;

/**
 * Settings of which only one can hold, such as the places a stream may live in: that of
 * the highest property source counts, so that a profile or the command line moves a
 * stream without having to unset where it was. Several in one source stay, to be refused.
 */
final class Alternatives {

	private final List<ConfigurationPropertySource> sources = new ArrayList<>();

	Alternatives(Iterable<ConfigurationPropertySource> sources) {
		sources.forEach(this.sources::add);
	}

	void settle(WaterMillProperties properties) {
		properties.getStreams()
			.forEach((name, stream) -> settle(names("watermill.streams", name, ""),
					new Choice("file", stream.getFile(), stream::setFile),
					new Choice("topic", stream.getTopic(), stream::setTopic),
					new Choice("broker", stream.getBroker(), stream::setBroker)));
		properties.getMills().forEach((name, mill) -> {
			WindowProperties window = mill.getWindow();
			if (window != null) {
				settle(names("watermill.mills", name, "window"), new Choice("by", window.getBy(), window::setBy),
						new Choice("every", window.getEvery(), (none) -> window.setEvery(null)));
			}
		});
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

	private void settle(List<ConfigurationPropertyName> names, Choice... choices) {
		int highest = Integer.MAX_VALUE;
		for (Choice choice : choices) {
			if (choice.value != null) {
				highest = Math.min(highest, rank(names, choice.name));
			}
		}
		for (Choice choice : choices) {
			if (choice.value != null && rank(names, choice.name) > highest) {
				choice.setter.accept(null);
			}
		}
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
		return names.stream().anyMatch((name) -> source.getConfigurationProperty(name.append(property)) != null);
	}

	/**
	 * One of several settings.
	 *
	 * @param name the last element of its name
	 * @param value its value, {@code null} if it is not set
	 * @param setter sets it
	 */
	private record Choice(String name, @Nullable Object value, Consumer<@Nullable String> setter) {

	}

}
