package dev.watermill.broker;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The commits of one lane of a mill. Used by one thread at a time.
 *
 * @since 0.1.0
 */
public interface CommitLog extends AutoCloseable {

	/**
	 * Read the last commit. Called once, after the place was taken over.
	 * @return the last commit, {@code null} if there was none
	 * @throws BrokerException if something was committed but can't be read
	 */
	@Nullable Checkpoint read();

	/**
	 * Commit: after this returned, the mill goes on from here, whatever happens; if it
	 * throws, from the commit before.
	 * @param checkpoint all positions of the mill
	 * @throws MillTakenOverException if another instance has taken the mill over
	 * @throws CommitTimedOutException if the work since the last commit took too long
	 * @throws BrokerUnavailableException if it can be expected to work later; whether the
	 * commit happened will be seen by reading
	 */
	void commit(Checkpoint checkpoint);

	/**
	 * Return what a sink needs to take part in these commits.
	 * @param <P> what the sink needs
	 * @param key what that is, and of which store
	 * @return the participant, or empty if commits of another kind, or in another store,
	 * are made here
	 */
	default <P> Optional<P> participant(ParticipantKey<P> key) {
		return Optional.empty();
	}

	/**
	 * Return what is to be known of what was read, besides the positions.
	 * @return the origin, as of {@link #read()}
	 */
	default Origin origin() {
		return Origin.UNKNOWN;
	}

	/**
	 * Check, before a mill begins without positions, that nothing it writes shows that it
	 * was here before.
	 * @throws BrokerException if something does
	 */
	default void requireNothingWritten() {
	}

	/**
	 * Mark this place as left: the mill commits elsewhere from now on.
	 * @param place the location of the other place
	 */
	default void leave(String place) {
	}

	/**
	 * Return who commits here, if another can take the place over while this one is
	 * alive: so that sinks can keep the one out that was taken over.
	 * @return who, or empty if the place is refused while it is held
	 */
	default Optional<Holder> holder() {
		return Optional.empty();
	}

	/**
	 * Check that this holds the place at this moment. Called after {@link #read()}, while
	 * nothing is written.
	 * @throws MillTakenOverException if another instance has taken the mill over
	 */
	default void requireHeld() {
	}

	/**
	 * Return how long what was written may stay uncommitted, before the broker takes it
	 * back. What comes before a long call of the function is committed while it lasts
	 * then, on another thread; never do two use this at a time.
	 * @return how long, or empty if it is as long as it likes and holds back nobody
	 * meanwhile
	 */
	default Optional<Duration> timeLimit() {
		return Optional.empty();
	}

	/**
	 * Whether so much was written since the last commit that it is better committed now
	 * than later. Asked often.
	 * @return {@code false} as long as a commit of more is no matter
	 */
	default boolean isFull() {
		return false;
	}

	@Override
	void close();

	/**
	 * What is to be known of what was read from a place of commits, besides the
	 * positions. Immutable.
	 *
	 * @param session who committed last, in the order of
	 * {@link CommitScope#newSession()}; empty if nobody did
	 * @param reachedIn who committed these positions first, before whoever found them
	 * there and only committed them again; empty if that is not known
	 * @param leftFor where the mill has committed since, {@code null} if this place was
	 * not left
	 * @param elsewhere other places at which positions are kept, as is recorded here, by
	 * their locations
	 */
	record Origin(String session, String reachedIn, @Nullable String leftFor, Set<String> elsewhere) {

		/** Nothing is known. */
		public static final Origin UNKNOWN = new Origin("", "", null, Set.of());

		/**
		 * Create an origin.
		 */
		public Origin {
			elsewhere = Set.copyOf(elsewhere);
		}

	}

	/**
	 * Who commits: what keeps those out that are alive but were taken over, from whatever
	 * is written outside of the place of commits. Immutable.
	 *
	 * @param lane the lane
	 * @param place the place, as all instances of this mill name it and no other mill
	 * does
	 * @param session distinguishes one holder of the place from the next
	 */
	record Holder(LaneId lane, String place, String session) {

	}

}
