package dev.watermill.broker.file;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;
import tools.jackson.core.util.JsonGeneratorDelegate;

/**
 * Keeps each value in one line: whoever writes JSON of their own, as
 * {@code @JsonRawValue} does, may break lines, which mean nothing between tokens.
 */
final class OneLineGenerator extends JsonGeneratorDelegate {

	OneLineGenerator(JsonGenerator generator) {
		super(generator);
	}

	@Override
	public JsonGenerator writeRaw(String text) {
		super.writeRaw(inOneLine(text));
		return this;
	}

	@Override
	public JsonGenerator writeRaw(String text, int offset, int length) {
		return writeRaw(text.substring(offset, offset + length));
	}

	@Override
	public JsonGenerator writeRaw(SerializableString text) {
		return writeRaw(text.getValue());
	}

	@Override
	public JsonGenerator writeRaw(char[] text, int offset, int length) {
		return writeRaw(new String(text, offset, length));
	}

	@Override
	public JsonGenerator writeRaw(char text) {
		super.writeRaw(isLineBreak(text) ? ' ' : text);
		return this;
	}

	@Override
	public JsonGenerator writeRawValue(String text) {
		super.writeRawValue(inOneLine(text));
		return this;
	}

	@Override
	public JsonGenerator writeRawValue(String text, int offset, int length) {
		return writeRawValue(text.substring(offset, offset + length));
	}

	@Override
	public JsonGenerator writeRawValue(char[] text, int offset, int length) {
		return writeRawValue(new String(text, offset, length));
	}

	private static boolean isLineBreak(char character) {
		return character == '\n' || character == '\r';
	}

	/**
	 * Put a space in the place of each line break between tokens. One within a text is no
	 * JSON; there it becomes what it is meant for.
	 */
	private static String inOneLine(String json) {
		if (json.indexOf('\n') < 0 && json.indexOf('\r') < 0) {
			return json;
		}
		StringBuilder line = new StringBuilder(json.length() + 16);
		boolean inText = false;
		boolean escaped = false;
		for (int i = 0; i < json.length(); i++) {
			char character = json.charAt(i);
			if (isLineBreak(character)) {
				line.append(inText ? ((character == '\n') ? "\\n" : "\\r") : " ");
			}
			else {
				line.append(character);
				inText = inText != (character == '"' && !escaped);
			}
			escaped = inText && !escaped && character == '\\';
		}
		return line.toString();
	}

}
