package dev.watermill.engine;

/**
 * What a mill is doing.
 *
 * @since 0.1.0
 */
public enum MillState {

	/**
	 * It is about to run, or waits for something before it can.
	 */
	STARTING,

	/**
	 * It reads, or waits for something to read.
	 */
	RUNNING,

	/**
	 * It was told to pause; its streams stay open.
	 */
	PAUSED,

	/**
	 * It was not started, was told to stop, or another instance took over.
	 */
	STOPPED,

	/**
	 * Its streams are over and everything is committed.
	 */
	COMPLETED,

	/**
	 * It can't go on until somebody removes the cause.
	 */
	FAILED

}
