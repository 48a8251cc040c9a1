package dev.watermill.codec.internal;

import java.util.stream.Collectors;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Describes a value that was found in the place of another.
 */
final class FoundValue {

	private static final int MOST_CHARACTERS = 60;

	private static final int MOST_FIELDS = 8;

	private FoundValue() {
	}

	static String describe(JsonNode value) {
		return switch (value.getNodeType()) {
			case STRING -> holdsJson(value.stringValue())
					? "a text that holds JSON: it was encoded twice. Let the producer write the value itself, not its text"
					: "the text " + cut(value.toString());
			case OBJECT -> "an object with " + fields(value);
			case ARRAY -> "an array of " + value.size();
			default -> cut(value.toString());
		};
	}

	static String fields(JsonNode object) {
		if (object.isEmpty()) {
			return "no fields";
		}
		String names = object.propertyNames()
			.stream()
			.limit(MOST_FIELDS)
			.map((name) -> "'" + cut(name) + "'")
			.collect(Collectors.joining(", "));
		return ((object.size() == 1) ? "the field " : "the fields ") + names
				+ ((object.size() > MOST_FIELDS) ? " and " + (object.size() - MOST_FIELDS) + " more" : "");
	}

	static boolean holdsJson(String text) {
		String content = text.strip();
		if (!content.startsWith("{") && !content.startsWith("[")) {
			return false;
		}
		try (JsonParser parser = JsonMapper.shared().createParser(content)) {
			return parser.nextToken().isStructStart() && parser.skipChildren().currentToken().isStructEnd()
					&& parser.nextToken() == null;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	private static String cut(String text) {
		return (text.length() <= MOST_CHARACTERS) ? text : text.substring(0, MOST_CHARACTERS) + "...";
	}

}
