package dev.watermill.broker.file;

import dev.watermill.codec.internal.JsonProblem;

/**
 * Says what Jackson found in words for the user of a file: without places in a buffer and
 * without advice on how to configure Jackson.
 */
final class JacksonProblem {

	private JacksonProblem() {
	}

	static String of(Exception problem) {
		return JsonProblem.of(problem);
	}

}
