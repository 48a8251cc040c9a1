package dev.watermill.broker.file;

import java.io.IOException;

/**
 * Writes results one behind the other.
 */
interface ElementOutput {

	/**
	 * Begin a run of results.
	 * @param before what to write before the first of them
	 * @param separator what to write between them
	 * @return the run
	 */
	Run begin(String before, String separator) throws IOException;

	/**
	 * The results between two flushes.
	 */
	interface Run {

		void write(Object result) throws Exception;

		/**
		 * Hand everything on.
		 * @param behind what to write behind the last result
		 */
		void end(String behind) throws IOException;

	}

}
