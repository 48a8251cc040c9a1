package dev.watermill.broker.file;

import dev.watermill.codec.InvalidElement;

/**
 * Reads a line of a dead letter as the element that it was. A line that is no dead letter
 * is an element itself.
 */
final class LetterDecoding implements ElementDecoding {

	private final ElementDecoding elements;

	/**
	 * Create a decoding.
	 * @param elements decodes what became a dead letter
	 */
	LetterDecoding(ElementDecoding elements) {
		this.elements = elements;
	}

	/**
	 * A line is a letter, whatever is in it.
	 */
	@Override
	public boolean isJson() {
		return false;
	}

	@Override
	public int lines(ReadBuffer buffer, Lines lines, int from, Object[] values) {
		for (int i = from; i < lines.size(); i++) {
			values[i] = one(buffer, lines.start(i), lines.end(i));
		}
		return lines.size();
	}

	@Override
	public void array(ReadBuffer buffer, int start, Elements found, int maxSize) {
		throw new UnsupportedOperationException("Dead letters stand in lines");
	}

	@Override
	public Object one(ReadBuffer buffer, int start, int end) {
		WrittenLetter letter = WrittenLetter.of(buffer.copy(start, end));
		if (letter == null) {
			return this.elements.one(buffer, start, end);
		}
		byte[] value = letter.value();
		return (value != null) ? this.elements.one(ReadBuffer.of(value), 0, value.length)
				: InvalidElement.tombstone("Expected an element, found a dead letter without a value (a tombstone)");
	}

}
