package dev.watermill.broker.kafka;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What stands in the metadata of a committed offset: short, since brokers take 4096
 * characters.
 *
 * @param fields the position besides its offset
 * @param lastKeys the last accepted keys by expression
 * @param reset whether the position is to be forgotten
 * @param rest what is no topic's, {@code null} at all nodes but the first
 */
record PositionText(Map<String, Object> fields, Map<String, String> lastKeys, boolean reset, @Nullable Rest rest) {

	/** The text at a position that is to be forgotten. */
	static final String RESET = "{\"reset\":true}";

	private static final JsonMapper JSON = new JsonMapper();

	private static final String POSITION = "p";

	private static final String KEYS = "k";

	private static final String SESSION = "s";

	private static final String COMPLETED = "c";

	private static final String INPUTS = "i";

	private static final String OUTPUTS = "o";

	static PositionText of(Checkpoint.@Nullable Input input, @Nullable Rest rest) {
		if (input == null) {
			return new PositionText(Map.of(), Map.of(), false, rest);
		}
		Map<String, Object> fields = new LinkedHashMap<>(input.position().fields());
		fields.remove(KafkaPosition.OFFSET);
		return new PositionText(fields, input.lastKeys(), false, rest);
	}

	/**
	 * Read a text. One that others committed, or nobody, tells nothing but the offset.
	 */
	static PositionText parse(String text) {
		if (text.isBlank()) {
			return new PositionText(Map.of(), Map.of(), false, null);
		}
		try {
			JsonNode root = JSON.readTree(text);
			Rest rest = root.has(SESSION) ? new Rest(root.get(SESSION).asString(), root.has(COMPLETED),
					inputs(root.path(INPUTS)), outputs(root.path(OUTPUTS))) : null;
			return new PositionText(position(root.path(POSITION)).fields(), keys(root.path(KEYS)), root.has("reset"),
					rest);
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw new BrokerException("The metadata of a committed offset is not what a mill writes: " + text
					+ ". Another application uses this consumer group; choose another group-id-prefix.", ex);
		}
	}

	private static Position position(JsonNode node) {
		return node.isMissingNode() ? Position.empty() : Position.parse(node.toString());
	}

	private static Map<String, String> keys(JsonNode node) {
		Map<String, String> keys = new LinkedHashMap<>();
		node.properties().forEach((key) -> keys.put(key.getKey(), key.getValue().asString()));
		return keys;
	}

	private static Map<String, Checkpoint.Input> inputs(JsonNode node) {
		Map<String, Checkpoint.Input> inputs = new LinkedHashMap<>();
		node.properties()
			.forEach((input) -> inputs.put(input.getKey(), new Checkpoint.Input(
					position(input.getValue().path(POSITION)), keys(input.getValue().path(KEYS)))));
		return inputs;
	}

	private static Map<String, Position> outputs(JsonNode node) {
		Map<String, Position> outputs = new LinkedHashMap<>();
		node.properties().forEach((output) -> outputs.put(output.getKey(), position(output.getValue())));
		return outputs;
	}

	/**
	 * The position with its offset.
	 */
	Checkpoint.Input input(long offset) {
		Position position = KafkaPosition.at(offset);
		for (Map.Entry<String, Object> field : this.fields.entrySet()) {
			position = (field.getValue() instanceof Long number) ? position.with(field.getKey(), number)
					: position.with(field.getKey(), field.getValue().toString());
		}
		return new Checkpoint.Input(position, this.lastKeys);
	}

	@Override
	public String toString() {
		Map<String, Object> root = new LinkedHashMap<>();
		put(root, POSITION, this.fields);
		put(root, KEYS, this.lastKeys);
		if (this.rest != null) {
			root.put(SESSION, this.rest.session());
			if (this.rest.completed()) {
				root.put(COMPLETED, true);
			}
			Map<String, Object> inputs = new LinkedHashMap<>();
			this.rest.inputs()
				.forEach((stream, input) -> inputs.put(stream,
						Map.of(POSITION, input.position().fields(), KEYS, input.lastKeys())));
			put(root, INPUTS, inputs);
			Map<String, Object> outputs = new LinkedHashMap<>();
			this.rest.outputs().forEach((stream, position) -> outputs.put(stream, position.fields()));
			put(root, OUTPUTS, outputs);
		}
		return JSON.writeValueAsString(root);
	}

	private static void put(Map<String, Object> root, String name, Map<String, ?> value) {
		if (!value.isEmpty()) {
			root.put(name, value);
		}
	}

	/**
	 * What a lane commits besides the positions in topics.
	 *
	 * @param session who commits
	 * @param completed whether the lane completed
	 * @param inputs the positions in other places than topics
	 * @param outputs how far outputs reach that are no topics
	 */
	record Rest(String session, boolean completed, Map<String, Checkpoint.Input> inputs,
			Map<String, Position> outputs) {

	}

}
