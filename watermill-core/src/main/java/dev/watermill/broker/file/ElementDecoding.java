package dev.watermill.broker.file;

import dev.watermill.codec.InvalidElement;

/**
 * Turns bytes into elements: many at once where all is well, or one alone.
 */
interface ElementDecoding {

	/**
	 * Whether an element is one JSON value, so that its end can be seen.
	 */
	boolean isJson();

	/**
	 * Read lines as far as each is one element and nothing else.
	 * @param buffer where they stand
	 * @param lines where exactly
	 * @param from the first of them
	 * @param values where to put the elements, by the number of the line
	 * @return the number of the first line that may be none
	 */
	int lines(ReadBuffer buffer, Lines lines, int from, Object[] values);

	/**
	 * Read elements of an array as far as each is whole, valid and followed by a comma or
	 * the end of the array.
	 * @param buffer where they stand
	 * @param start the first byte of the first element
	 * @param elements where to add them
	 * @param maxSize how many bytes an element may have
	 */
	void array(ReadBuffer buffer, int start, Elements elements, int maxSize);

	/**
	 * Read one element.
	 * @param buffer where it stands
	 * @param start its first byte
	 * @param end the first byte behind it
	 * @return the element, or an {@link InvalidElement}
	 */
	Object one(ReadBuffer buffer, int start, int end);

}
