package dev.watermill.spring.test;

import java.util.Collection;

import dev.watermill.Mill;

/**
 * The mills of a test.
 */
interface TestedMills {

	/**
	 * Return the mills of the application, by which it is known what streams there are.
	 */
	Collection<Mill> known();

	/**
	 * Return the mills to run, after their streams have begun anew.
	 */
	default Collection<Mill> toRun() {
		return known();
	}

}
