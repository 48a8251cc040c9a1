package dev.watermill.broker.file;

import dev.watermill.codec.InvalidElement;

/**
 * Says of a line that is no value what it may be part of: a file of another framing.
 */
final class LineProblem {

	private final ElementDecoding decoding;

	LineProblem(ElementDecoding decoding) {
		this.decoding = decoding;
	}

	/**
	 * Add what may help to what is known of a line, or a part of one.
	 * @param element what was read of it
	 * @param buffer where it stands
	 * @param from its first byte
	 * @param to the first byte behind it
	 * @return the element, perhaps in other words
	 */
	Object of(Object element, ReadBuffer buffer, int from, int to) {
		if (!(element instanceof InvalidElement invalid) || !this.decoding.isJson()) {
			return element;
		}
		byte[] bytes = buffer.bytes();
		int end = to;
		while (end > from && WhiteSpace.is(bytes[end - 1])) {
			end--;
		}
		if (bytes[from] == WhiteSpace.RECORD_SEPARATOR) {
			return with(invalid, "Not JSON: found a record separator (RS), as in JSON text sequences. Set the "
					+ "stream's property format: concatenated");
		}
		if (end - from > 1 && bytes[end - 1] == ','
				&& !(this.decoding.one(buffer, from, end - 1) instanceof InvalidElement)) {
			return with(invalid, "Not JSON: found a comma behind the value: is this what stands within an array?");
		}
		// Where no line break follows, the file itself was cut off
		if (bytes[to - 1] == '\n' && invalid.problem().contains("end-of-input")) {
			return with(invalid, invalid.problem()
					+ ". If it goes on in the next line, set the stream's property format: concatenated");
		}
		return element;
	}

	private static InvalidElement with(InvalidElement element, String problem) {
		return new InvalidElement(problem, element.bytes(), element.cause());
	}

}
