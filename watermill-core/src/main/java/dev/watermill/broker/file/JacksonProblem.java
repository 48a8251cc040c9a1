package dev.watermill.broker.file;

import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;

/**
 * Says what Jackson found in words for the user of a file: without places in a buffer and
 * without advice on how to configure Jackson.
 */
final class JacksonProblem {

	private static final Pattern PLACE = Pattern.compile(" ?\\((?:[^()\\[]* )?at \\[Source:[^\\]]*\\]\\)?");

	private static final Pattern ADVICE = Pattern
		.compile(" \\((?:but (?:might|could)|set|enable|use) [^()]*\\)|: enable `[^`]*` to allow");

	private JacksonProblem() {
	}

	static String of(Exception problem) {
		if (!(problem instanceof JacksonException jackson)) {
			return "Not an element: " + problem;
		}
		String text = PLACE.matcher(String.valueOf(jackson.getOriginalMessage())).replaceAll("");
		text = ADVICE.matcher(text).replaceAll("");
		if (text.startsWith("Cannot map `null`")) {
			text = "A field is missing or null: " + text;
		}
		if (problem instanceof StreamReadException && !(problem instanceof InputCoercionException)) {
			return "Not JSON: " + text;
		}
		String path = String.valueOf(jackson.getPathReference());
		return path.isEmpty() ? text : text + " (through " + path + ")";
	}

}
