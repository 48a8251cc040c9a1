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
	 * It is written to another place. Not supported yet.
	 */
	DEAD_LETTER;

	/**
	 * Return the policy of the engine.
	 * @return the policy
	 * @throws IllegalStateException if the engine has none yet
	 */
	public ErrorPolicy toPolicy() {
		return switch (this) {
			case FAIL -> ErrorPolicy.FAIL;
			case SKIP -> ErrorPolicy.SKIP;
			case DEAD_LETTER -> throw new IllegalStateException("Dead letters are not supported yet");
		};
	}

}
