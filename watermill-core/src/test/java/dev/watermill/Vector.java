package dev.watermill;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.watermill.broker.Broker;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.join.JoinKind;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A worked case of the semantics: streams, what is joined, and the deliveries.
 */
public final class Vector {

	private static final JsonMapper JSON = new JsonMapper();

	/** The expressions of the vectors; the core has no parser for them. */
	private static final Map<String, Function<JsonNode, Object>> EXPRESSIONS = expressions();

	private final Path file;

	private final JsonNode root;

	private Vector(Path file) {
		this.file = file;
		this.root = read(file);
	}

	/**
	 * Return all vectors. Other modules find them in the jar of these tests.
	 */
	public static Stream<Vector> all() throws IOException {
		URI directory = URI.create(String.valueOf(Vector.class.getResource("/vectors")));
		if (!directory.getScheme().equals("jar")) {
			return all(Path.of(directory));
		}
		try (FileSystem jar = FileSystems.newFileSystem(directory, Map.of())) {
			return all(jar.getPath("/vectors"));
		}
	}

	private static Stream<Vector> all(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.sorted().map(Vector::new).toList().stream();
		}
	}

	/**
	 * Return the elements by the names of their streams.
	 */
	public Map<String, List<JsonNode>> streams() {
		Map<String, List<JsonNode>> streams = new LinkedHashMap<>();
		this.root.get("streams")
			.properties()
			.forEach((stream) -> streams.put(stream.getKey(), stream.getValue().valueStream().toList()));
		return streams;
	}

	/**
	 * Return the deliveries, parents that are equal merged.
	 */
	public List<JsonNode> expected() {
		return this.root.get("expected").valueStream().map(Vector::merged).toList();
	}

	/**
	 * Make a mill whose results are its deliveries, without an output.
	 */
	public MillBuilder builder(Broker broker) {
		MillBuilder builder = Mill.builder("vector");
		String masterName = this.root.get("tree").get("master").asString();
		Input<JsonNode> master = builder.from(masterName, JsonNode.class, broker);
		Map<String, Input<JsonNode>> inputs = new LinkedHashMap<>(Map.of(masterName, master));
		Map<String, Function<Delivery, Map<JsonNode, ?>>> joins = new LinkedHashMap<>();
		for (JsonNode edge : this.root.get("tree").get("edges")) {
			JoinCondition<JsonNode, JsonNode>.Matches matches = builder
				.join(inputs.get(edge.get("parent").asString()), edge.get("child").asString(), JsonNode.class, broker)
				.on(key(edge.get("left").asString()), key(edge.get("right").asString()));
			Input<JsonNode> join = join(edge, matches);
			inputs.put(join.stream(), join);
			joins.put(join.stream(), (delivery) -> matches(join, delivery));
		}
		boolean windowed = !this.root.get("window").isNull();
		if (windowed) {
			window(builder, this.root.get("window"));
		}
		return builder.process((delivery) -> {
			Map<String, Object> shown = new LinkedHashMap<>();
			shown.put("master", windowed ? delivery.window(master) : delivery.get(master));
			Map<String, Object> matches = new LinkedHashMap<>();
			joins.forEach((stream, join) -> {
				List<Object> pairs = new ArrayList<>();
				join.apply(delivery).forEach((parent, children) -> pairs.add(List.of(parent, children)));
				if (!pairs.isEmpty()) {
					matches.put(stream, pairs);
				}
			});
			shown.put("matches", matches);
			return JSON.<JsonNode>valueToTree(shown);
		});
	}

	private static void window(MillBuilder builder, JsonNode window) {
		if (window.isString()) {
			builder.windowBy(key(window.asString()));
		}
		else if (window.has("count")) {
			builder.windowCount(window.get("count").asInt());
		}
		else if (window.has("gap")) {
			builder.sessionsBy(key(window.get("by").asString()), KeySpan.of(window.get("gap").decimalValue()));
		}
		else {
			KeySpan size = KeySpan.of(window.get("size").decimalValue());
			builder.windowBy(key(window.get("by").asString()), size,
					window.has("step") ? KeySpan.of(window.get("step").decimalValue()) : size,
					KeySpan.of(window.path("offset").decimalValue(BigDecimal.ZERO)));
		}
	}

	private static Input<JsonNode> join(JsonNode edge, JoinCondition<JsonNode, JsonNode>.Matches matches) {
		boolean optional = edge.path("optional").asBoolean(false);
		JsonNode by = edge.get("by");
		JoinKind.@Nullable By equal = (by != null)
				? new JoinKind.By(key(by.get("left").asString()), key(by.get("right").asString())) : null;
		if (edge.has("asOf")) {
			JsonNode asOf = edge.get("asOf");
			JoinCondition<JsonNode, JsonNode>.AsOfMatch match = matches
				.asOf(JoinKind.Direction.valueOf(asOf.path("direction").asString("backward").toUpperCase(Locale.ROOT)));
			if (asOf.has("tolerance")) {
				match.tolerance(asOf.get("tolerance").decimalValue());
			}
			if (!asOf.path("exact").asBoolean(true)) {
				match.notExact();
			}
			if (equal != null) {
				match.by(equal);
			}
			return optional ? match.optional() : match.match();
		}
		if (edge.has("within")) {
			JoinCondition<JsonNode, JsonNode>.WithinMatches near = matches.within(
					edge.get("within").path("before").decimalValue(BigDecimal.ZERO),
					edge.get("within").path("after").decimalValue(BigDecimal.ZERO));
			if (equal != null) {
				near.by(equal);
			}
			return optional ? near.optional() : near.many();
		}
		return optional ? matches.optional().many() : matches.many();
	}

	@SuppressWarnings("unchecked")
	private static Map<JsonNode, ?> matches(Input<JsonNode> join, Delivery delivery) {
		if (join instanceof JoinMany<?, JsonNode> many) {
			return (Map<JsonNode, ?>) delivery.get(many);
		}
		Map<JsonNode, List<Object>> lists = new LinkedHashMap<>();
		if (join instanceof JoinOptional<?, JsonNode> optional) {
			delivery.get(optional)
				.forEach((parent, match) -> lists.put((JsonNode) parent, List.copyOf(match.stream().toList())));
		}
		else {
			delivery.get((JoinFirst<?, JsonNode>) join)
				.forEach((parent, match) -> lists.put((JsonNode) parent, List.of(match)));
		}
		return lists;
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
			if (!pairs.isEmpty()) {
				matches.put(stream.getKey(), pairs);
			}
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
				"time_seconds", "symbol", "bid", "n")) {
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

	@Override
	public String toString() {
		return this.file.getFileName().toString();
	}

}
