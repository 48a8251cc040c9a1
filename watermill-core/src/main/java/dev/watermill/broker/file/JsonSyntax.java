package dev.watermill.broker.file;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectReader;

/**
 * Finds the end of an array's element without making an object of it.
 */
final class JsonSyntax {

	private final ObjectReader reader;

	private String problem = "";

	JsonSyntax(ObjectReader reader) {
		this.reader = reader;
	}

	/**
	 * Return where an element of an array ends.
	 * @param bytes the bytes
	 * @param start the first byte of the element, never that of the array
	 * @param limit the end of the bytes
	 * @return the index behind the value; or, if it isn't JSON, below zero: the negative
	 * index where that was seen
	 */
	int end(byte[] bytes, int start, int limit) {
		int begin = start - 1;
		byte before = bytes[begin];
		bytes[begin] = '[';
		try (JsonParser parser = this.reader.createParser(bytes, begin, limit - begin)) {
			try {
				parser.nextToken();
				parser.nextToken();
				parser.skipChildren();
				parser.finishToken();
				return begin + (int) parser.currentLocation().getByteOffset();
			}
			catch (JacksonException ex) {
				this.problem = JacksonProblem.of(ex);
				return -begin - (int) parser.currentLocation().getByteOffset();
			}
		}
		finally {
			bytes[begin] = before;
		}
	}

	/**
	 * What was wrong with the last value.
	 */
	String problem() {
		return this.problem;
	}

}
