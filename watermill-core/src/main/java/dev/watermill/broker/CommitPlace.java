package dev.watermill.broker;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a mill commits: positions and the results they cover, as one.
 *
 * @since 0.1.0
 */
public interface CommitPlace {

	/**
	 * Whether a commit here covers everything the mill writes anywhere, as a transaction
	 * does that carries the lengths of files. Such a place is preferred over others.
	 * @return {@code true} if it covers the other outputs too
	 */
	boolean isTransactional();

	/**
	 * Whether a commit here also moves what shows others, at its broker, how far a stream
	 * was read.
	 * @param source where the stream is read
	 * @return {@code true} if it does
	 */
	default boolean covers(StreamSource<?> source) {
		return false;
	}

	/**
	 * Where this is, in the words of the user.
	 * @return for example {@code checkpoint out/speed.json.checkpoint}
	 */
	String location();

	/**
	 * The names under which this place keeps what belongs to this lane alone, besides
	 * those of its nodes.
	 * @param scope who asks, and what is committed
	 * @return the names
	 */
	default Set<ReservedName> reservedNames(CommitScope scope) {
		return Set.of();
	}

	/**
	 * Take the place over for a mill: whoever held it before can commit nothing from now
	 * on, or, where that can't be had, this is refused while another holds it.
	 * @param scope who asks, and what is committed
	 * @return the log, to be closed by the caller and used by one thread
	 * @throws MillTakenOverException if another instance holds the place
	 * @throws BrokerUnavailableException if it can be expected to work later
	 */
	CommitLog open(CommitScope scope);

	/**
	 * How lanes that commit here are shared out among the instances of a mill.
	 * @param scope any lane of the mill
	 * @return the membership, or empty if all lanes of a mill work on one instance, and
	 * the place is refused or taken over as a whole
	 */
	default Optional<Membership> membership(CommitScope scope) {
		return Optional.empty();
	}

	/**
	 * Whether anything was committed here, as far as can be seen without taking the place
	 * over.
	 * @param scope whose commits to look for
	 * @return {@code false} if there certainly are none
	 * @throws BrokerUnavailableException if it can be expected to work later
	 */
	default boolean isUsed(CommitScope scope) {
		return true;
	}

	/**
	 * Read what lanes have committed last, without taking the place over, of whichever
	 * instances the lanes are.
	 * @param scopes whose commits to read
	 * @return what was found, without those that have committed nothing
	 * @throws BrokerUnavailableException if it can be expected to work later
	 */
	default Map<LaneId, Checkpoint> peek(Collection<CommitScope> scopes) {
		return Map.of();
	}

	/**
	 * Return another place of this kind.
	 * @param location what its {@link #location()} says
	 * @return the place, or empty if there is none of this kind
	 */
	default Optional<CommitPlace> at(String location) {
		return Optional.empty();
	}

	/**
	 * Forget everything that was committed here.
	 * @param scope whose positions to forget
	 * @throws MillTakenOverException if another instance holds the place
	 */
	void reset(CommitScope scope);

	/**
	 * Remembers where mills commit whose places can't be found by what they read and
	 * write now: a checkpoint stands beside a file, and the next configuration may name
	 * another one. Of a mill that reads something else nothing is remembered: that is
	 * other work. Thread-safe.
	 */
	interface Memory {

		/**
		 * Return where a mill committed last.
		 * @param scope who asks
		 * @return the place, or empty if none is remembered
		 * @throws BrokerException if something is remembered that can't be understood
		 */
		Optional<CommitPlace> last(CommitScope scope);

		/**
		 * Remember where a mill commits, unless that can be found anyway. Costs little
		 * where it is remembered already. What can't be remembered is logged, and the
		 * mill goes on.
		 * @param scope who commits
		 * @param place where
		 */
		void remember(CommitScope scope, CommitPlace place);

		/**
		 * Forget where a mill commits, since it is going to begin anew.
		 * @param scope whose place to forget
		 */
		void forget(CommitScope scope);

		/**
		 * Where this remembers.
		 * @return a text for people
		 */
		String location();

	}

}
