package dev.watermill.spring.properties.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;

import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Refuses names of streams and mills with letters that Spring Boot's binder drops without
 * a word: it keeps a to z, digits and hyphens, unless a name is in brackets. A stream of
 * the name {@code größe} would be {@code gre}, and one of another alphabet nothing.
 */
final class LostLetters {

	private static final String VARIABLES = "WATERMILL_";

	/** Names by what they are under. */
	private final Map<String, Set<String>> names = new TreeMap<>();

	private final Set<String> variables = new TreeSet<>();

	void check(Iterable<ConfigurationPropertySource> sources) {
		for (ConfigurationPropertySource source : sources) {
			if (source.getUnderlyingSource() instanceof EnumerablePropertySource<?> properties) {
				for (String name : properties.getPropertyNames()) {
					if (!hasLetters(name)) {
						continue;
					}
					if (!(properties instanceof SystemEnvironmentPropertySource)) {
						add(elements(name));
					}
					else if (name.toUpperCase(Locale.ROOT).startsWith(VARIABLES)) {
						this.variables.add(name);
					}
				}
			}
		}
		if (!this.names.isEmpty()) {
			throw refuse();
		}
		if (!this.variables.isEmpty()) {
			throw new InvalidPropertyException(
					"The environment has names with letters that Spring Boot drops: "
							+ String.join(", ", this.variables) + ".",
					"Set these properties in application.yml or SPRING_APPLICATION_JSON, with the name in brackets, as "
							+ "in watermill.streams[gr\u00f6\u00dfe].file.");
		}
	}

	private void add(List<String> elements) {
		if (elements.size() < 3 || !is(elements.get(0), "watermill")) {
			return;
		}
		boolean mill = is(elements.get(1), "mills");
		if (mill || is(elements.get(1), "streams")) {
			add(elements, 2);
		}
		if (mill && elements.size() > 4 && (is(elements.get(3), "joins") || is(elements.get(3), "outputs"))) {
			add(elements, 4);
		}
	}

	private void add(List<String> elements, int index) {
		String name = elements.get(index);
		if (!name.startsWith("[") && hasLetters(name)) {
			String above = String.join(".", elements.subList(0, index)).replace(".[", "[");
			this.names.computeIfAbsent(above, (key) -> new TreeSet<>()).add(name);
		}
	}

	private InvalidPropertyException refuse() {
		List<String> found = new ArrayList<>();
		List<String> instead = new ArrayList<>();
		this.names.forEach((above, ofIt) -> {
			found.add(String.join(", ", ofIt.stream().map((name) -> "'" + name + "'").toList()) + " under " + above);
			ofIt.forEach((name) -> instead.add("\"[" + name + "]\": in YAML, " + above + "[" + name + "] elsewhere"));
		});
		return new InvalidPropertyException(
				"There are names with letters that Spring Boot drops from names without brackets: "
						+ String.join("; ", found) + ".",
				"Write them in brackets: " + String.join("; ", instead) + ".");
	}

	/**
	 * Split a property's name at its dots, but not within brackets.
	 */
	private static List<String> elements(String property) {
		List<String> elements = new ArrayList<>();
		int start = 0;
		int end;
		for (; start < property.length(); start = end) {
			boolean bracket = property.charAt(start) == '[';
			end = bracket ? property.indexOf(']', start) + 1 : end(property, start);
			if (end == 0) {
				end = property.length();
			}
			if (end > start) {
				elements.add(property.substring(start, end));
			}
			if (end < property.length() && property.charAt(end) == '.') {
				end++;
			}
		}
		return elements;
	}

	private static int end(String property, int start) {
		int end = start;
		while (end < property.length() && property.charAt(end) != '.' && property.charAt(end) != '[') {
			end++;
		}
		return end;
	}

	private static boolean is(String element, String name) {
		return name.equalsIgnoreCase(element);
	}

	private static boolean hasLetters(String name) {
		return name.codePoints().anyMatch((c) -> c > 127 && Character.isLetterOrDigit(c));
	}

}
