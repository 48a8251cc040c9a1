package dev.watermill.broker.checkpoint.internal;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The text of a checkpoint: JSON that people can read.
 *
 * @param checkpoint the positions
 * @param session who committed
 * @param leftFor where the positions are now, {@code null} if they are here
 */
record CheckpointText(Checkpoint checkpoint, String session, @Nullable String leftFor) {

	private static final int VERSION = 1;

	private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	String toString(LaneId owner) {
		Map<String, Object> inputs = new LinkedHashMap<>();
		this.checkpoint.inputs().forEach((stream, input) -> {
			Map<String, Object> fields = new LinkedHashMap<>();
			fields.put("position", input.position().fields());
			fields.put("last-keys", input.lastKeys());
			if (input.letters() != null) {
				fields.put("letters", input.letters().fields());
			}
			if (input.written() != null) {
				fields.put("written", input.written());
			}
			if (input.delivered() != null) {
				fields.put("delivered", input.delivered());
			}
			if (input.read() != null) {
				fields.put("read", input.read());
			}
			inputs.put(stream, fields);
		});
		Map<String, Object> outputs = new LinkedHashMap<>();
		this.checkpoint.outputs().forEach((stream, position) -> outputs.put(stream, position.fields()));
		Map<String, Object> text = new LinkedHashMap<>();
		text.put("version", VERSION);
		text.put("mill", owner.mill());
		text.put("lane", owner.lane());
		text.put("session", this.session);
		if (this.leftFor != null) {
			text.put("left-for", this.leftFor);
		}
		text.put("run", this.checkpoint.run());
		if (this.checkpoint.lanes() > 0) {
			text.put("lanes", this.checkpoint.lanes());
		}
		text.put("completed", this.checkpoint.completed());
		text.put("inputs", inputs);
		text.put("outputs", outputs);
		return JSON.writeValueAsString(text);
	}

	/**
	 * Read a checkpoint.
	 * @throws IllegalArgumentException if the text is none of this owner's
	 */
	static CheckpointText parse(String text, LaneId owner) {
		try {
			return parse(JSON.readTree(text), owner);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("it is not what a checkpoint is: " + ex.getOriginalMessage(), ex);
		}
	}

	private static CheckpointText parse(JsonNode root, LaneId owner) {
		int version = required(root, "version").asInt(0);
		if (version != VERSION) {
			throw new IllegalArgumentException("expected version " + VERSION + ", found " + version);
		}
		LaneId found = new LaneId(required(root, "mill").asString(), required(root, "lane").asInt(0));
		if (!found.equals(owner)) {
			throw new IllegalArgumentException("it is one of the mill '" + found.mill() + "' (lane " + found.lane()
					+ "), expected '" + owner.mill() + "' (lane " + owner.lane() + ")");
		}
		Map<String, Checkpoint.Input> inputs = new LinkedHashMap<>();
		required(root, "inputs").properties().forEach((input) -> {
			Map<String, String> lastKeys = new LinkedHashMap<>();
			required(input.getValue(), "last-keys").properties()
				.forEach((key) -> lastKeys.put(key.getKey(), key.getValue().asString()));
			JsonNode letters = input.getValue().get("letters");
			inputs.put(input.getKey(),
					new Checkpoint.Input(position(required(input.getValue(), "position")), lastKeys,
							(letters != null) ? position(letters) : null, text(input.getValue(), "written"),
							text(input.getValue(), "delivered"), text(input.getValue(), "read")));
		});
		Map<String, Position> outputs = new LinkedHashMap<>();
		required(root, "outputs").properties()
			.forEach((output) -> outputs.put(output.getKey(), position(output.getValue())));
		Checkpoint checkpoint = new Checkpoint(inputs, outputs, required(root, "completed").asBoolean(false),
				root.path("run").asInt(1), root.path("lanes").asInt(0));
		return new CheckpointText(checkpoint, root.path("session").asString(""),
				root.has("left-for") ? root.get("left-for").asString() : null);
	}

	private static JsonNode required(JsonNode node, String field) {
		JsonNode value = node.get(field);
		if (value == null) {
			throw new IllegalArgumentException("it has no '" + field + "'");
		}
		return value;
	}

	private static @Nullable String text(JsonNode node, String field) {
		return node.has(field) ? node.get(field).asString() : null;
	}

	private static Position position(JsonNode node) {
		return Position.parse(node.toString());
	}

}
