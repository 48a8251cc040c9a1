package dev.watermill.engine;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Whether a mill gets on, at one moment. Immutable. It is seen from outside, by looking
 * once a second at what the mill counts, since the mill itself has no time to read a
 * clock; so durations may be up to a second short.
 *
 * @param activity what its thread does
 * @param sinceProgress how long ago it got on: processed a delivery, or passed elements,
 * or found that there is nothing to do; {@code null} if it is not at work
 * @param callAge how long the call of the processing function has taken in which it is
 * now, {@code null} if it is in none
 * @param waitsFor what it waits for, where that holds back what is there already: a
 * silent partition of a stream whose partitions are merged; {@code null} if nothing does
 * @since 0.1.0
 */
public record MillLiveness(Activity activity, @Nullable Duration sinceProgress, @Nullable Duration callAge,
		@Nullable String waitsFor) {

	/**
	 * Of a mill that is not at work.
	 */
	public static final MillLiveness NOT_AT_WORK = new MillLiveness(Activity.NONE, null, null);

	/**
	 * Create what is known of a mill that nothing holds back.
	 * @param activity what its thread does
	 * @param sinceProgress how long ago it got on
	 * @param callAge how long the call of the function has taken in which it is
	 */
	public MillLiveness(Activity activity, @Nullable Duration sinceProgress, @Nullable Duration callAge) {
		this(activity, sinceProgress, callAge, null);
	}

	/**
	 * What a mill's thread does at one moment.
	 */
	public enum Activity {

		/**
		 * It does nothing: the mill is not at work, or is going to be started once
		 * another one has written what it reads.
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
		 * It waits its turn: as many lanes work as may at once.
		 */
		QUEUED,

		/**
		 * It pauses before it repeats what failed.
		 */
		RETRYING,

		/**
		 * It was told to pause.
		 */
		PAUSED

	}

}
