package dev.watermill.engine;

/**
 * Is called for what a mill does, by the threads of its lanes: the seam on which metrics
 * and the life of an application are built. A listener must not take long, must not throw
 * but where it is said, and is thread-safe.
 *
 * @since 0.1.0
 */
public interface MillListener {

	/**
	 * A delivery was processed and its results were written. While more than 50,000 a
	 * second are processed only one in 64 is reported, since reading the clock for each
	 * would slow them down.
	 * @param nanos how long it took, in nanoseconds
	 */
	default void delivered(long nanos) {
	}

	/**
	 * A commit was made.
	 * @param nanos how long it took, in nanoseconds
	 */
	default void committed(long nanos) {
	}

	/**
	 * The membership gave lanes to this instance.
	 * @param lanes how many
	 */
	default void lanesAssigned(int lanes) {
	}

	/**
	 * A lane that this instance was given has begun to run.
	 * @param nanos how long that took, in nanoseconds
	 */
	default void laneRuns(long nanos) {
	}

	/**
	 * The membership took lanes from this instance.
	 * @param lanes how many
	 * @param lost whether they were lost, rather than handed over
	 * @param nanos how long it took until they were closed, in nanoseconds
	 */
	default void lanesRevoked(int lanes, boolean lost, long nanos) {
	}

	/**
	 * The mill is about to start, on the thread of whoever starts it.
	 * @throws IllegalStateException if it must not; who starts it gets to see this
	 */
	default void starting() {
	}

	/**
	 * The state changed.
	 * @param state the new state
	 */
	default void changed(MillState state) {
	}

}
