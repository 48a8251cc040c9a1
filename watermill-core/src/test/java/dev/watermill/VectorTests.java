package dev.watermill;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The worked cases of the semantics, through the builder and the in-memory broker.
 */
class VectorTests {

	private static final JsonMapper JSON = new JsonMapper();

	/** The expressions of the vectors; the core has no parser for them. */
	private static final Map<String, Function<JsonNode, Object>> EXPRESSIONS = expressions();

	static Stream<Path> vectors() throws IOException {
		Path directory = Path.of("src/test/resources/vectors");
		try (Stream<Path> files = Files.list(directory)) {
			return files.sorted().toList().stream();
		}
	}

	@ParameterizedTest
	@MethodSource("vectors")
	void deliversExactlyWhatTheVectorExpects(Path vector) {
		JsonNode root = read(vector);
		List<JsonNode> expected = new ArrayList<>();
		root.get("expected").forEach((delivery) -> expected.add(merged(delivery)));
		int longest = 0;
		for (JsonNode stream : root.get("streams")) {
			longest = Math.max(longest, stream.size());
		}
		for (int batchSize : new int[] { 1, 2, 7, Math.max(longest - 1, 1), Math.max(longest, 1), longest + 1 }) {
			assertThat(deliveries(root, batchSize)).as("batch size %d", batchSize).isEqualTo(expected);
		}
	}

	private static List<JsonNode> deliveries(JsonNode root, int batchSize) {
		InMemoryBroker broker = new InMemoryBroker(batchSize);
		root.get("streams").properties().forEach((stream) -> {
			List<JsonNode> elements = new ArrayList<>();
			stream.getValue().forEach(elements::add);
			broker.stream(stream.getKey()).complete(elements);
		});
		MillBuilder builder = Mill.builder("vector");
		String masterName = root.get("tree").get("master").asString();
		Input<JsonNode> master = builder.from(masterName, JsonNode.class, broker);
		Map<String, Input<JsonNode>> inputs = new LinkedHashMap<>(Map.of(masterName, master));
		Map<String, JoinMany<JsonNode, JsonNode>> joins = new LinkedHashMap<>();
		for (JsonNode edge : root.get("tree").get("edges")) {
			JoinMany<JsonNode, JsonNode> join = builder
				.join(inputs.get(edge.get("parent").asString()), edge.get("child").asString(), JsonNode.class, broker)
				.on(key(edge.get("left").asString()), key(edge.get("right").asString()))
				.many();
			inputs.put(join.stream(), join);
			joins.put(join.stream(), join);
		}
		boolean windowed = !root.get("window").isNull();
		if (windowed) {
			builder.windowBy(key(root.get("window").asString()));
		}
		List<JsonNode> deliveries = new ArrayList<>();
		builder.forEach((delivery) -> {
			Map<String, Object> shown = new LinkedHashMap<>();
			shown.put("master", windowed ? delivery.window(master) : delivery.get(master));
			Map<String, Object> matches = new LinkedHashMap<>();
			joins.forEach((stream, join) -> {
				List<Object> pairs = new ArrayList<>();
				delivery.get(join).forEach((parent, children) -> pairs.add(List.of(parent, children)));
				matches.put(stream, pairs);
			});
			shown.put("matches", matches);
			deliveries.add(JSON.valueToTree(shown));
		});
		assertThat(builder.build().run()).isEqualTo(MillState.COMPLETED);
		return deliveries;
	}

	/**
	 * Merge the parents that are equal, as the maps do that a function is given.
	 */
	private static JsonNode merged(JsonNode delivery) {
		Map<String, Object> merged = new LinkedHashMap<>();
		merged.put("master", delivery.get("master"));
		Map<String, Object> matches = new LinkedHashMap<>();
		delivery.get("matches").properties().forEach((stream) -> {
			Map<JsonNode, JsonNode> byParent = new LinkedHashMap<>();
			stream.getValue().forEach((pair) -> byParent.putIfAbsent(pair.get(0), pair.get(1)));
			List<Object> pairs = new ArrayList<>();
			byParent.forEach((parent, children) -> pairs.add(List.of(parent, children)));
			matches.put(stream.getKey(), pairs);
		});
		merged.put("matches", matches);
		return JSON.valueToTree(merged);
	}

	private static JsonNode read(Path vector) {
		try (InputStream input = Files.newInputStream(vector)) {
			return JSON.readTree(input);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static KeyFunction<JsonNode> key(String expression) {
		Function<JsonNode, Object> function = EXPRESSIONS.get(expression);
		if (function == null) {
			throw new IllegalArgumentException("No function for the expression " + expression);
		}
		return KeyFunction.ofObject(expression, Object.class, function);
	}

	private static Map<String, Function<JsonNode, Object>> expressions() {
		Map<String, Function<JsonNode, Object>> expressions = new LinkedHashMap<>();
		for (String field : List.of("time", "k", "t", "id", "a_id", "b_t", "ts", "date", "day", "g", "state",
				"time_seconds")) {
			expressions.put(field, (element) -> value(element.get(field)));
		}
		expressions.put("t * 10", (element) -> Math.multiplyExact(number(element, "t"), 10L));
		expressions.put("#floorDiv(time, 10)", (element) -> Math.floorDiv(number(element, "time"), 10L));
		expressions.put("pos.t", (element) -> number(element.get("pos"), "t"));
		expressions.put("stamp.sec", (element) -> number(element.get("stamp"), "sec"));
		expressions.put("(time + 5) / 10", (element) -> (number(element, "time") + 5) / 10);
		expressions.put("first_ts + frame_index * 40",
				(element) -> number(element, "first_ts") + number(element, "frame_index") * 40);
		expressions.put("t % 5", (element) -> number(element, "t") % 5);
		expressions.put("time / 5", (element) -> number(element, "time") / 5);
		expressions.put("time / 10", (element) -> number(element, "time") / 10);
		expressions.put("time / 30", (element) -> number(element, "time") / 30);
		expressions.put("time_ms / 1000", (element) -> number(element, "time_ms") / 1000);
		expressions.put("time + 10", (element) -> number(element, "time") + 10);
		expressions.put("k + 1", (element) -> number(element, "k") + 1);
		expressions.put("k / 2", (element) -> number(element, "k") / 2);
		expressions.put("{r, t}", (element) -> List.of(value(element.get("r")), value(element.get("t"))));
		expressions.put("{robot, t}", (element) -> List.of(value(element.get("robot")), value(element.get("t"))));
		return expressions;
	}

	private static long number(JsonNode element, String field) {
		return element.get(field).longValue();
	}

	private static Object value(JsonNode node) {
		if (node.isString()) {
			return node.stringValue();
		}
		return node.isIntegralNumber() ? (Object) node.longValue() : node.doubleValue();
	}

}
