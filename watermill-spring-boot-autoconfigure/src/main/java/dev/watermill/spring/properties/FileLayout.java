package dev.watermill.spring.properties;

import java.util.Locale;

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
	CONCATENATED,

	/**
	 * Dead letters, a line each, or a record of a topic each: they are read as the
	 * elements that they were.
	 */
	DEAD_LETTER;

	/**
	 * Return the word for it.
	 * @return the word, as in the configuration
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
