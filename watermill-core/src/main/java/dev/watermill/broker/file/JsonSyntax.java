package dev.watermill.broker.file;

import dev.watermill.codec.internal.InputFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds the end of a value without making anything of it.
 */
final class JsonSyntax {

	// By the NUL bytes among so many a parser would guess another encoding than UTF-8
	private static final int ENCODING = 4;

	// Nothing nested deeper is JSON that anybody reads
	static final int MAX_DEPTH = 64 * 1024;

	private final Readers readers;

	private String problem = "";

	JsonSyntax(Readers readers) {
		this.readers = readers;
	}

	/**
	 * Whether a byte can be the first of a value.
	 */
	static boolean beginsValue(byte value) {
		return switch (value) {
			case '{', '[', '"', '-', 't', 'f', 'n' -> true;
			default -> value >= '0' && value <= '9';
		};
	}

	/**
	 * Return where a value ends.
	 * @param bytes the bytes
	 * @param start the first byte of the value
	 * @param limit the end of the bytes
	 * @return the index behind the value; or, if it isn't JSON, below zero: the negative
	 * index where that was seen
	 */
	int end(byte[] bytes, int start, int limit) {
		for (int i = start; i < Math.min(start + ENCODING, limit); i++) {
			if (bytes[i] == 0) {
				this.problem = "Not JSON: found a NUL byte";
				return -i - 1;
			}
		}
		if (start == 0) {
			return atStart(bytes, limit);
		}
		// Within an array a number ends where it does, and not only before white space
		byte before = bytes[start - 1];
		bytes[start - 1] = '[';
		try (JsonParser parser = this.readers.within().createParser(bytes, start - 1, limit - start + 1)) {
			parser.nextToken();
			return end(parser, bytes, start - 1, limit);
		}
		finally {
			bytes[start - 1] = before;
		}
	}

	private int atStart(byte[] bytes, int limit) {
		if (limit > 0 && "{[\"".indexOf(bytes[0]) >= 0) {
			try (JsonParser parser = this.readers.alone().createParser(bytes, 0, limit)) {
				return end(parser, bytes, 0, limit);
			}
		}
		int wordEnd = endOfWord(bytes, 0, limit);
		byte[] word = new byte[wordEnd + 1];
		System.arraycopy(bytes, 0, word, 1, wordEnd);
		int end = end(word, 1, word.length);
		return (end > 0) ? end - 1 : (end < -wordEnd) ? -limit : end + 1;
	}

	private int end(JsonParser parser, byte[] bytes, int begin, int limit) {
		try {
			JsonToken token = parser.nextToken();
			if (token == null || token == JsonToken.END_ARRAY) {
				this.problem = "Not JSON: found no value";
				return -limit;
			}
			if (token.isStructStart()) {
				parser.skipChildren();
				return begin + (int) parser.currentLocation().getByteOffset();
			}
			int start = begin + (int) parser.currentTokenLocation().getByteOffset();
			int end = (token == JsonToken.VALUE_STRING) ? endOfText(bytes, start, limit)
					: endOfWord(bytes, start, limit);
			return verified(parser, begin, end);
		}
		catch (JacksonException ex) {
			this.problem = JacksonProblem.of(ex);
			return -begin - (int) parser.currentLocation().getByteOffset();
		}
	}

	/**
	 * Let the parser look at all of a value by going on behind it, where whatever it
	 * finds is not the value's.
	 */
	private int verified(JsonParser parser, int begin, int end) {
		try {
			parser.nextToken();
			return end;
		}
		catch (JacksonException ex) {
			int seen = begin + (int) parser.currentLocation().getByteOffset();
			if (end > 0 && (seen > end || ex instanceof UnexpectedEndOfInputException)) {
				return end;
			}
			this.problem = JacksonProblem.of(ex);
			return -seen;
		}
	}

	private static int endOfText(byte[] bytes, int start, int limit) {
		int i = start + 1;
		while (i < limit && bytes[i] != '"') {
			i += (bytes[i] == '\\') ? 2 : 1;
		}
		return (i < limit) ? i + 1 : -limit;
	}

	private static int endOfWord(byte[] bytes, int start, int limit) {
		int i = start;
		while (i < limit && !WhiteSpace.is(bytes[i]) && ",]}:[{\"".indexOf(bytes[i]) < 0
				&& bytes[i] != WhiteSpace.RECORD_SEPARATOR) {
			i++;
		}
		return i;
	}

	/**
	 * What was wrong with the last value.
	 */
	String problem() {
		return this.problem;
	}

	/**
	 * What takes values apart: one that stands alone, and one within an array. Used by
	 * any number of searches.
	 */
	record Readers(ObjectReader alone, ObjectReader within) {

		/**
		 * Create readers.
		 * @param mapper reads the values; what it finds too much has an end all the same
		 */
		static Readers of(JsonMapper mapper) {
			return new Readers(InputFactory.forSyntax(mapper, MAX_DEPTH).reader(),
					InputFactory.forSyntax(mapper, MAX_DEPTH + 1).reader());
		}

	}

}
