package dev.watermill.spring.properties;

/**
 * How the end of an output is written to its topic.
 *
 * @since 0.1.0
 */
public enum EndMark {

	/**
	 * A JSON object with "eos__": true.
	 */
	VALUE,

	/**
	 * A record without a value, with the header eos__.
	 */
	HEADER,

	/**
	 * Nothing is written.
	 */
	NONE

}
