package dev.watermill.spring.properties.internal;

import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Settings that are going to exist. Who sets one reads that, and not that there is no
 * such property.
 */
final class PlannedSettings {

	/** Names under a stream, a mill and a window. */
	private static final Map<String, List<String>> NAMES = Map.of("mills.*", List.of("idle"), "mills.*.window",
			List.of("idle"));

	private PlannedSettings() {
	}

	/**
	 * Whether a property, or one above it, is planned.
	 */
	static boolean contains(ConfigurationPropertyName name) {
		for (int size = 4; size <= name.getNumberOfElements(); size++) {
			String parent = parent(name, size - 1);
			String last = name.getElement(size - 1, Form.UNIFORM);
			if (NAMES.getOrDefault(parent, List.of())
				.stream()
				.map((planned) -> planned.replace("-", ""))
				.anyMatch(last::equals)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return the elements above, with an asterisk for each that is a user's own name.
	 */
	private static String parent(ConfigurationPropertyName name, int size) {
		StringBuilder parent = new StringBuilder(name.getElement(1, Form.UNIFORM)).append(".*");
		for (int i = 3; i < size; i++) {
			boolean joined = i == 4 && name.getElement(3, Form.UNIFORM).equals("joins");
			parent.append('.').append(joined ? "*" : name.getElement(i, Form.UNIFORM));
		}
		return parent.toString();
	}

}
