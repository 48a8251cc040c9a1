package dev.watermill.spring.properties;

/**
 * How elements stand in a file.
 *
 * @since 0.1.0
 */
public enum FileLayout {

	/**
	 * An element a line.
	 */
	LINES,

	/**
	 * One array that holds all elements.
	 */
	ARRAY,

	/**
	 * One element behind the other, with any white space between them or none.
	 */
	CONCATENATED

}
