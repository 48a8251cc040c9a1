package dev.watermill.spring.test;

import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.watermill.spring.naming.internal.NearestName;
import dev.watermill.spring.naming.internal.RelaxedName;

import org.springframework.core.ResolvableType;

/**
 * Finds the streams of mills by types, and by names in any relaxed form.
 */
final class StreamNames {

	private final Map<String, Type> read;

	private final Map<String, Type> written;

	StreamNames(Map<String, Type> read, Map<String, Type> written) {
		this.read = read;
		this.written = written;
	}

	String read(String stream) {
		return byName(stream, this.read.keySet(), "read");
	}

	String written(String stream) {
		return byName(stream, this.written.keySet(), "written");
	}

	String read(Class<?> type) {
		return byType(type, this.read, "read");
	}

	String written(Class<?> type) {
		return byType(type, this.written, "written");
	}

	private static String byName(String stream, Collection<String> known, String verb) {
		RelaxedName relaxed = RelaxedName.of(stream);
		return known.stream()
			.filter((name) -> RelaxedName.of(name).equals(relaxed))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("No stream '" + stream + "' is " + verb + " by the mills. "
					+ NearestName.question(stream, List.copyOf(known)) + "Those that are " + verb + ": "
					+ String.join(", ", known)));
	}

	private static String byType(Class<?> type, Map<String, Type> known, String verb) {
		List<String> found = known.entrySet()
			.stream()
			.filter((entry) -> ResolvableType.forType(entry.getValue()).resolve(Object.class) == type)
			.map(Map.Entry::getKey)
			.toList();
		if (found.size() == 1) {
			return found.get(0);
		}
		throw new IllegalArgumentException(found.isEmpty()
				? "No stream of " + type.getSimpleName() + " is " + verb + " by the mills. Those that are " + verb
						+ ": " + String.join(", ", known.keySet())
				: "Several streams of " + type.getSimpleName() + " are " + verb + " by the mills: "
						+ String.join(", ", found) + ". Say which by its name.");
	}

}
