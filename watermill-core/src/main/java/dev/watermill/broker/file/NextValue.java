package dev.watermill.broker.file;

/**
 * Looks at what stands next where values follow each other with nothing but white space
 * between them, if that. No more than the longest value and one byte is ever read, so the
 * answer is the same wherever the bytes end.
 */
final class NextValue {

	private final JsonSyntax syntax;

	private final int maxSize;

	private final boolean lines;

	private int end;

	/**
	 * Create a search.
	 * @param syntax finds the end of a value
	 * @param maxSize how many bytes a value may have
	 * @param lines whether what is no value goes on to the end of what is seen
	 */
	NextValue(JsonSyntax syntax, int maxSize, boolean lines) {
		this.syntax = syntax;
		this.maxSize = maxSize;
		this.lines = lines;
	}

	/**
	 * Look at what begins somewhere.
	 * @param bytes the bytes
	 * @param start its first byte
	 * @param limit where the bytes end
	 * @param whole whether nothing that belongs to it follows them
	 * @return what it is
	 */
	Kind find(byte[] bytes, int start, int limit, boolean whole) {
		boolean longer = limit - start > this.maxSize;
		int region = longer ? start + this.maxSize + 1 : limit;
		boolean bounded = longer || whole;
		int valueEnd = this.syntax.end(bytes, start, region);
		if (valueEnd < 0) {
			boolean premature = -valueEnd >= region;
			return broken(premature, longer, limit, whole);
		}
		if (valueEnd - start > this.maxSize) {
			return Kind.TOO_LONG;
		}
		int next = WhiteSpace.skip(bytes, valueEnd, region);
		if (next == region) {
			return bounded ? found(Kind.VALUE, valueEnd) : Kind.MORE;
		}
		if (JsonSyntax.beginsValue(bytes[next]) || bytes[next] == WhiteSpace.RECORD_SEPARATOR) {
			return found(Kind.VALUE, valueEnd);
		}
		return stray(bytes, next, region, longer, whole);
	}

	private Kind stray(byte[] bytes, int from, int region, boolean longer, boolean whole) {
		int i = from;
		while (i < region && bytes[i] != '{' && bytes[i] != '[' && bytes[i] != '\n') {
			i++;
		}
		if (i < region || (whole && !longer)) {
			return found(Kind.INVALID, i);
		}
		return longer ? Kind.TOO_LONG : Kind.MORE;
	}

	private Kind broken(boolean premature, boolean longer, int limit, boolean whole) {
		if (longer) {
			return premature ? Kind.TOO_LONG : Kind.BROKEN;
		}
		if (whole) {
			return this.lines ? found(Kind.INVALID, limit) : Kind.BROKEN;
		}
		return premature ? Kind.MORE : Kind.BROKEN;
	}

	private Kind found(Kind kind, int end) {
		this.end = end;
		return kind;
	}

	/**
	 * What was wrong with the last one.
	 */
	String problem() {
		return this.syntax.problem();
	}

	/**
	 * Where a value, or what is invalid, ends.
	 */
	int end() {
		return this.end;
	}

	/**
	 * What stands there.
	 */
	enum Kind {

		/**
		 * A value.
		 */
		VALUE,

		/**
		 * No value, or one with something behind it that is none.
		 */
		INVALID,

		/**
		 * No value; its end is still to be found.
		 */
		BROKEN,

		/**
		 * Something that has no end within the size of an element.
		 */
		TOO_LONG,

		/**
		 * More bytes are needed to tell.
		 */
		MORE

	}

}
