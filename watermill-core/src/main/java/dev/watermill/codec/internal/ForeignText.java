package dev.watermill.codec.internal;

import java.util.HexFormat;

/**
 * Texts that somebody else wrote, within a message: on one line, without characters that
 * move a terminal's cursor, and no longer than anybody reads.
 *
 * @since 0.1.0
 */
public final class ForeignText {

	private static final int MOST_CHARACTERS = 2000;

	private ForeignText() {
	}

	/**
	 * Return a text as it can be shown.
	 * @param text the text
	 * @return the text itself, mostly
	 */
	public static String show(String text) {
		int length = Math.min(text.length(), MOST_CHARACTERS);
		for (int i = 0; i < length; i++) {
			if (!isShown(text.charAt(i))) {
				return escape(text, length);
			}
		}
		return (length == text.length()) ? text : text.substring(0, length) + "...";
	}

	private static boolean isShown(char character) {
		return switch (Character.getType(character)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
			default -> true;
		};
	}

	private static String escape(String text, int length) {
		StringBuilder shown = new StringBuilder(length + 16);
		for (int i = 0; i < length; i++) {
			char character = text.charAt(i);
			switch (character) {
				case '\n' -> shown.append("\\n");
				case '\r' -> shown.append("\\r");
				case '\t' -> shown.append("\\t");
				default -> {
					if (isShown(character)) {
						shown.append(character);
					}
					else {
						shown.append("\\u").append(HexFormat.of().toHexDigits(character));
					}
				}
			}
		}
		return shown.append((length == text.length()) ? "" : "...").toString();
	}

}
