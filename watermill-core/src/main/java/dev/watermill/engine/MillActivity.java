package dev.watermill.engine;

/**
 * What a mill does at one moment: its thread, or that of the lane that gets on least.
 *
 * @since 0.1.0
 */
public enum MillActivity {

	/**
	 * It does nothing: the mill is not at work, or is going to be started once another
	 * one has written what it reads.
	 */
	NONE,

	/**
	 * It opens what it needs and looks where to go on.
	 */
	STARTING,

	/**
	 * It reads, merges and writes.
	 */
	MERGING,

	/**
	 * It is inside the processing function.
	 */
	CALLING,

	/**
	 * It commits.
	 */
	COMMITTING,

	/**
	 * It has done all there is to do, and waits for more.
	 */
	IDLE,

	/**
	 * It waits for what is known to be there, or for a broker that is away.
	 */
	WAITING,

	/**
	 * It pauses before it repeats what failed.
	 */
	RETRYING,

	/**
	 * It was told to pause.
	 */
	PAUSED

}
