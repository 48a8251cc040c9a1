package dev.watermill.broker.kafka;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.stream.Position;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What stands in the metadata of a committed offset. {@link LongPositions} lets it fit,
 * since brokers take 4,096 characters.
 *
 * @param fields the position besides its offset
 * @param lastKeys the last accepted keys by expression
 * @param letters how far dead letters have been written, {@code null} if that is the
 * position
 * @param written which elements before that are dead letters
 * @param delivered what has been delivered of that to which elements behind the position
 * may belong, {@code null} for nothing
 * @param read how far it was read, {@code null} if that is here
 * @param kind whether this is a position at all
 * @param place where the positions are if they are not here, else empty
 * @param rest what is no topic's, {@code null} at all nodes but the first
 */
record PositionText(Map<String, Object> fields, Map<String, String> lastKeys, @Nullable Position letters,
		@Nullable String written, @Nullable String delivered, @Nullable String read, Kind kind, String place,
		@Nullable Rest rest) {

	private static final JsonMapper JSON = new JsonMapper();

	// a long text is packed into one that has other fields beside these
	private static final String POSITION = "p";

	private static final String KEYS = "k";

	private static final String LETTERS = "l";

	private static final String WRITTEN = "d";

	private static final String DELIVERED = "w";

	private static final String READ = "a";

	private static final String SESSION = "s";

	private static final String REACHED_IN = "f";

	private static final String COMPLETED = "c";

	private static final String RUN = "r";

	private static final String LANES = "b";

	private static final String INPUTS = "i";

	private static final String OUTPUTS = "o";

	static PositionText of(Checkpoint.@Nullable Input input, @Nullable Rest rest) {
		if (input == null) {
			return of(Kind.POSITION, "", rest);
		}
		Map<String, Object> fields = new LinkedHashMap<>(input.position().fields());
		fields.remove(KafkaPosition.OFFSET);
		fields.remove(KafkaPosition.EPOCH);
		return new PositionText(fields, input.lastKeys(), input.letters(), input.written(), input.delivered(),
				input.read(), Kind.POSITION, "", rest);
	}

	/**
	 * Return the text at an offset that may be no position.
	 * @param kind what it is
	 * @param place where the positions are, if they are elsewhere
	 */
	static PositionText of(Kind kind, String place, @Nullable Rest rest) {
		return new PositionText(Map.of(), Map.of(), null, null, null, null, kind, place, rest);
	}

	/**
	 * Read a text. One that others committed, or nobody, says nothing but the offset.
	 */
	static PositionText parse(String text) {
		if (text.isBlank()) {
			return of(Kind.POSITION, "", null);
		}
		try {
			JsonNode root = JSON.readTree(text);
			Rest rest = root.has(SESSION) ? new Rest(root.get(SESSION).asString(),
					root.path(REACHED_IN).asString(root.get(SESSION).asString()), root.has(COMPLETED),
					root.path(RUN).asInt(1), root.path(LANES).asInt(0), inputs(root.path(INPUTS)),
					outputs(root.path(OUTPUTS))) : null;
			Kind kind = Kind.of(root);
			return new PositionText(position(root.path(POSITION)).fields(), keys(root.path(KEYS)), letters(root),
					text(root, WRITTEN), text(root, DELIVERED), text(root, READ), kind,
					root.path(kind.field).asString(""), rest);
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw new BrokerException("The metadata of a committed offset is not what a mill writes: " + text
					+ ". Another application uses this consumer group; choose another group-id-prefix.", ex);
		}
	}

	private static Position position(JsonNode node) {
		return node.isMissingNode() ? Position.empty() : Position.parse(node.toString());
	}

	private static @Nullable Position letters(JsonNode node) {
		return node.has(LETTERS) ? position(node.get(LETTERS)) : null;
	}

	private static @Nullable String text(JsonNode node, String field) {
		return node.has(field) ? node.get(field).asString() : null;
	}

	private static Map<String, String> keys(JsonNode node) {
		Map<String, String> keys = new LinkedHashMap<>();
		node.properties().forEach((key) -> keys.put(key.getKey(), key.getValue().asString()));
		return keys;
	}

	private static Map<String, Checkpoint.Input> inputs(JsonNode node) {
		Map<String, Checkpoint.Input> inputs = new LinkedHashMap<>();
		node.properties()
			.forEach((input) -> inputs.put(input.getKey(),
					new Checkpoint.Input(position(input.getValue().path(POSITION)), keys(input.getValue().path(KEYS)),
							letters(input.getValue()), text(input.getValue(), WRITTEN),
							text(input.getValue(), DELIVERED), text(input.getValue(), READ))));
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
	Checkpoint.Input input(OffsetAndMetadata committed) {
		Position position = KafkaPosition.at(committed.offset(), committed.leaderEpoch().orElse(KafkaPosition.UNKNOWN));
		for (Map.Entry<String, Object> field : this.fields.entrySet()) {
			position = (field.getValue() instanceof Long number) ? position.with(field.getKey(), number)
					: position.with(field.getKey(), field.getValue().toString());
		}
		return new Checkpoint.Input(position, this.lastKeys, this.letters, this.written, this.delivered, this.read);
	}

	@Override
	public String toString() {
		Map<String, Object> root = new LinkedHashMap<>();
		if (this.kind != Kind.POSITION) {
			root.put(this.kind.field, this.place.isEmpty() ? true : this.place);
		}
		put(root, POSITION, this.fields);
		put(root, KEYS, this.lastKeys);
		if (this.letters != null) {
			root.put(LETTERS, this.letters.fields());
		}
		if (this.written != null) {
			root.put(WRITTEN, this.written);
		}
		if (this.delivered != null) {
			root.put(DELIVERED, this.delivered);
		}
		if (this.read != null) {
			root.put(READ, this.read);
		}
		if (this.rest != null) {
			root.put(SESSION, this.rest.session());
			if (!this.rest.reachedIn().equals(this.rest.session())) {
				root.put(REACHED_IN, this.rest.reachedIn());
			}
			if (this.rest.completed()) {
				root.put(COMPLETED, true);
			}
			if (this.rest.run() != 1) {
				root.put(RUN, this.rest.run());
			}
			if (this.rest.lanes() != 0) {
				root.put(LANES, this.rest.lanes());
			}
			Map<String, Object> inputs = new LinkedHashMap<>();
			this.rest.inputs().forEach((stream, input) -> inputs.put(stream, fields(input)));
			put(root, INPUTS, inputs);
			Map<String, Object> outputs = new LinkedHashMap<>();
			this.rest.outputs().forEach((stream, position) -> outputs.put(stream, position.fields()));
			put(root, OUTPUTS, outputs);
		}
		return JSON.writeValueAsString(root);
	}

	private static Map<String, Object> fields(Checkpoint.Input input) {
		Map<String, Object> fields = new LinkedHashMap<>();
		fields.put(POSITION, input.position().fields());
		fields.put(KEYS, input.lastKeys());
		if (input.letters() != null) {
			fields.put(LETTERS, input.letters().fields());
		}
		if (input.written() != null) {
			fields.put(WRITTEN, input.written());
		}
		if (input.delivered() != null) {
			fields.put(DELIVERED, input.delivered());
		}
		if (input.read() != null) {
			fields.put(READ, input.read());
		}
		return fields;
	}

	private static void put(Map<String, Object> root, String name, Map<String, ?> value) {
		if (!value.isEmpty()) {
			root.put(name, value);
		}
	}

	/**
	 * Whether this is a position.
	 */
	boolean isPosition() {
		return this.kind == Kind.POSITION;
	}

	/**
	 * What an offset with this text is.
	 */
	enum Kind {

		/** A position, or an offset that somebody else has set to be one. */
		POSITION(""),

		/** Nothing: the positions were forgotten on purpose. */
		RESET("reset"),

		/** Nothing: the mill has only begun. */
		BEGUN("begun"),

		/** For those who watch the lag; the positions are elsewhere. */
		LAG("lag"),

		/** Nothing any more: the positions have moved elsewhere. */
		LEFT("left");

		private final String field;

		Kind(String field) {
			this.field = field;
		}

		private static Kind of(JsonNode root) {
			for (Kind kind : values()) {
				if (kind != POSITION && root.has(kind.field)) {
					return kind;
				}
			}
			return POSITION;
		}

	}

	/**
	 * What a lane commits besides the positions in topics.
	 *
	 * @param session who commits
	 * @param reachedIn who did when the lane came here
	 * @param completed whether the lane completed
	 * @param run in which run of the mill
	 * @param lanes with how many lanes the mill began, 0 if that is not known
	 * @param inputs the positions in other places than topics
	 * @param outputs how far outputs reach that are no topics
	 */
	record Rest(String session, String reachedIn, boolean completed, int run, int lanes,
			Map<String, Checkpoint.Input> inputs, Map<String, Position> outputs) {

	}

}
