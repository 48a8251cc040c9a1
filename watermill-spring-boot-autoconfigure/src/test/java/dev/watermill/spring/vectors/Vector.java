package dev.watermill.spring.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * One of the worked cases: streams, a join tree, a window and the deliveries.
 */
record Vector(String name, JsonNode json) {

	static List<Vector> all() throws IOException {
		Resource[] resources = new PathMatchingResourcePatternResolver().getResources("classpath*:vectors/*.json");
		List<Vector> vectors = new ArrayList<>();
		for (Resource resource : resources) {
			try (InputStream in = resource.getInputStream()) {
				JsonNode json = JsonMapper.shared().readTree(in);
				vectors.add(new Vector(json.get("name").stringValue(), json));
			}
		}
		vectors.sort((left, right) -> left.name.compareTo(right.name));
		return vectors;
	}

	String master() {
		return this.json.at("/tree/master").stringValue();
	}

	JsonNode stream(String name) {
		return this.json.get("streams").get(name);
	}

	/**
	 * Return what says how windows are cut, by the names of settings, empty for none.
	 */
	Map<String, String> window() {
		Map<String, String> window = new LinkedHashMap<>();
		JsonNode node = this.json.path("window");
		if (node.isString()) {
			window.put("by", node.stringValue());
		}
		node.properties().forEach((part) -> window.put(part.getKey(), part.getValue().asString()));
		return window;
	}

	List<Edge> edges() {
		return this.json.at("/tree/edges").valueStream().map(Edge::new).toList();
	}

	/**
	 * Return the deliveries, with one entry for parents that are equal.
	 */
	List<Object> expected() {
		List<Object> deliveries = new ArrayList<>();
		for (JsonNode delivery : this.json.get("expected")) {
			deliveries.add(merged(delivery));
		}
		return deliveries;
	}

	static Object merged(JsonNode delivery) {
		Map<String, Object> matches = new LinkedHashMap<>();
		delivery.get("matches").properties().forEach((child) -> {
			Map<JsonNode, JsonNode> pairs = new LinkedHashMap<>();
			child.getValue().forEach((pair) -> pairs.putIfAbsent(pair.get(0), pair.get(1)));
			if (!pairs.isEmpty()) {
				matches.put(child.getKey(), new ArrayList<>(pairs.entrySet()));
			}
		});
		return Arrays.asList(delivery.get("master"), matches);
	}

	@Override
	public String toString() {
		return this.name;
	}

	record Edge(JsonNode json) {

		String parent() {
			return this.json.get("parent").stringValue();
		}

		String child() {
			return this.json.get("child").stringValue();
		}

		String left() {
			return this.json.get("left").stringValue();
		}

		String right() {
			return this.json.get("right").stringValue();
		}

		boolean isOptional() {
			return this.json.path("optional").asBoolean(false);
		}

		boolean isAsOf() {
			return this.json.has("asOf");
		}

		boolean isWithin() {
			return this.json.has("within");
		}

		String direction() {
			return this.json.path("asOf").path("direction").asString("backward").toUpperCase(Locale.ROOT);
		}

		boolean isExact() {
			return this.json.path("asOf").path("exact").asBoolean(true);
		}

		/**
		 * Return the distances, by the names of their attributes and settings.
		 */
		Map<String, String> distances() {
			Map<String, String> distances = new LinkedHashMap<>();
			for (String name : List.of("tolerance", "before", "after")) {
				JsonNode distance = this.json.path(isAsOf() ? "asOf" : "within").get(name);
				if (distance != null) {
					distances.put(name, distance.asString());
				}
			}
			return distances;
		}

		String byLeft() {
			return this.json.path("by").path("left").asString("");
		}

		String byRight() {
			return this.json.path("by").path("right").asString("");
		}

	}

}
