package dev.watermill.spring.properties;

import dev.watermill.stream.ErrorPolicy;

/**
 * What happens with what can't be processed.
 *
 * @since 0.1.0
 */
public enum ErrorHandling {

	/**
	 * The mill stops before it and can go on there after the cause is removed.
	 */
	FAIL,

	/**
	 * It is counted and passed over.
	 */
	SKIP,

	/**
	 * It is written, as it was, to the dead letters of its stream, counted, and passed
	 * over.
	 */
	DEAD_LETTER;

	/**
	 * Return the policy of the engine.
	 * @return the policy
	 */
	public ErrorPolicy toPolicy() {
		return switch (this) {
			case FAIL -> ErrorPolicy.FAIL;
			case SKIP -> ErrorPolicy.SKIP;
			case DEAD_LETTER -> ErrorPolicy.DEAD_LETTER;
		};
	}

}
