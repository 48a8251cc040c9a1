package dev.watermill.spring.properties;

/**
 * What happens where records of a topic are gone that were to be read.
 *
 * @since 0.1.0
 */
public enum DataLossHandling {

	/**
	 * The mill fails and says what is gone.
	 */
	FAIL,

	/**
	 * Reading goes on with the first record that is there, after a warning.
	 */
	EARLIEST

}
