package dev.watermill.spring.properties.internal;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import dev.watermill.spring.properties.WindowProperties;
import org.jspecify.annotations.Nullable;

/**
 * Lets the highest property source that says how windows are cut be the only one that
 * does.
 */
final class WindowChoice {

	private WindowChoice() {
	}

	/**
	 * Unset what a higher source has replaced.
	 * @param window the settings of all sources together
	 * @param highest returns those of some settings that the highest source has which has
	 * any of them
	 */
	static void choose(WindowProperties window, UnaryOperator<Set<String>> highest) {
		Set<String> ways = replaced(highest,
				Map.of("by", window::getBy, "every", window::getEvery, "count", window::getCount));
		if (ways.contains("every")) {
			window.setEvery(null);
		}
		if (ways.contains("count")) {
			window.setCount(null);
		}
		if (ways.contains("by")) {
			window.setBy(null);
			window.setGap(null);
			unsetSize(window);
		}
		Set<String> lengths = replaced(highest, Map.of("size", window::getSize, "gap", window::getGap));
		if (lengths.contains("gap")) {
			window.setGap(null);
		}
		if (lengths.contains("size")) {
			unsetSize(window);
		}
	}

	private static void unsetSize(WindowProperties window) {
		window.setSize(null);
		window.setStep(null);
		window.setOffset(null);
	}

	private static Set<String> replaced(UnaryOperator<Set<String>> highest,
			Map<String, Supplier<? extends @Nullable Object>> settings) {
		Set<String> set = settings.entrySet()
			.stream()
			.filter((setting) -> setting.getValue().get() != null)
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
		Set<String> replaced = new HashSet<>(set);
		replaced.removeAll(highest.apply(set));
		return replaced;
	}

}
