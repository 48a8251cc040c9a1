package dev.watermill.join.internal;

/**
 * Whether anything came since a mill completed.
 *
 * @since 0.1.0
 */
public enum News {

	/**
	 * Something did.
	 */
	SOME,

	/**
	 * Nothing did, as far as the brokers answered.
	 */
	NONE,

	/**
	 * Nothing did, and nothing ever will that can match: a stream is over for good.
	 */
	NEVER,

	/**
	 * Not all brokers have answered.
	 */
	UNKNOWN

}
