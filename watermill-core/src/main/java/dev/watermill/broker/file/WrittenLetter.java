package dev.watermill.broker.file;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.broker.ElementMetadata;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A dead letter in a file, see {@link DeadLetterLine}.
 *
 * @param line the line, as JSON
 */
record WrittenLetter(JsonNode line) {

	private static final JsonMapper JSON = new JsonMapper();

	/**
	 * Read a line.
	 * @return the letter, {@code null} if the line is none
	 */
	static @Nullable WrittenLetter of(byte[] line) {
		try {
			JsonNode read = JSON.readTree(line);
			boolean is = read.path("mill").isString() && read.path("stream").isString()
					&& read.path("reason").isString() && read.path("origin").isObject() && read.path("at").isString();
			return is ? new WrittenLetter(read) : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	/**
	 * The value of the element as it was, {@code null} if there was none.
	 */
	byte @Nullable [] value() {
		return bytes("value");
	}

	private byte @Nullable [] bytes(String name) {
		JsonNode text = this.line.path(name);
		JsonNode bytes = this.line.path(name + "Base64");
		return text.isString() ? text.asString().getBytes(StandardCharsets.UTF_8)
				: bytes.isString() ? base64(bytes.asString()) : null;
	}

	/**
	 * What was known of the element besides its value.
	 */
	ElementMetadata metadata() {
		JsonNode origin = this.line.path("origin");
		JsonNode timestamp = origin.path("timestamp");
		Map<String, byte[]> headers = new LinkedHashMap<>();
		this.line.path("headers")
			.properties()
			.forEach((header) -> headers.put(header.getKey(), header(header.getValue())));
		return new ElementMetadata(timestamp.isNumber() ? Instant.ofEpochMilli(timestamp.asLong()) : null, headers,
				origin.path("partition").asInt(-1), origin.path("offset").asLong(-1), bytes("key"));
	}

	/**
	 * The value of a header, the last one of several.
	 */
	private static byte[] header(JsonNode value) {
		if (value.isArray() && !value.isEmpty()) {
			return header(value.get(value.size() - 1));
		}
		return value.isObject() ? base64(value.path("base64").asString(""))
				: value.asString("").getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] base64(String text) {
		try {
			return Base64.getDecoder().decode(text);
		}
		catch (IllegalArgumentException ex) {
			// somebody has changed it: so it is no more than this text
			return text.getBytes(StandardCharsets.UTF_8);
		}
	}

}
