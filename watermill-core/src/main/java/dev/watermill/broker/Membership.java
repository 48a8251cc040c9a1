package dev.watermill.broker;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Shares the lanes of a mill out among its instances: those that are members work, each
 * on the lanes it was assigned, and what one leaves goes to others. It is for liveness
 * only, and may be wrong for a while: that a lane which was lost commits nothing is up to
 * the {@linkplain CommitPlace place of commits}. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Membership {

	/**
	 * Where members meet, in the words of the user.
	 * @return for example {@code consumer group shop-robot-speed-robot-location}
	 */
	String location();

	/**
	 * How many lanes can be shared out here: a mill with more is refused, since nobody
	 * would ever be given the others.
	 * @return the greatest number of lanes
	 */
	default int mostLanes() {
		return Integer.MAX_VALUE;
	}

	/**
	 * Become a member. Returns at once; whatever keeps this from happening for a while is
	 * tried again.
	 * @param listener is called by a thread of the membership, one call at a time
	 * @return the member, to be closed by the caller
	 */
	Member join(Listener listener);

	/**
	 * Who is a member now, on whatever instance.
	 * @return the members, as far as the broker answers
	 * @throws BrokerUnavailableException if it can be expected to answer later
	 */
	List<Peer> members();

	/**
	 * Who is a member besides this instance, which is none any more. A broker may keep
	 * the place of one that has left for a while, in case that it comes back: if nobody
	 * else is there, this gives up the one that it keeps for this instance.
	 * @return the other members, as far as the broker answers
	 * @throws BrokerUnavailableException if it can be expected to answer later
	 */
	default List<Peer> others() {
		return members();
	}

	/**
	 * One instance as a member. Thread-safe.
	 */
	interface Member extends AutoCloseable {

		/**
		 * How others see this member, as of the last assignment.
		 * @return its id, {@code null} while it is none yet
		 */
		@Nullable String id();

		/**
		 * The lanes that this member holds, as far as it knows.
		 * @return the numbers of the lanes
		 */
		Set<Integer> lanes();

		/**
		 * Ask whether a lane is still this member's, after another instance has taken its
		 * commits. A member that is cut off learns late that its lanes went to others, so
		 * whoever shares them out is asked.
		 * @param lane the number of the lane
		 * @return {@code false} if the member has lost the lane, or another one holds it
		 * @throws BrokerUnavailableException if it can be expected to be known later
		 */
		default boolean holds(int lane) {
			return lanes().contains(lane);
		}

		/**
		 * Return what a place of commits needs to commit as this member.
		 * @param <P> what takes part
		 * @param key of what kind, and in those of which store
		 * @return the participant, or empty if commits are not made by members
		 */
		default <P> Optional<P> participant(ParticipantKey<P> key) {
			return Optional.empty();
		}

		/**
		 * Leave: the lanes are revoked, then others can have them. Waits for that.
		 */
		@Override
		void close();

	}

	/**
	 * Is told what becomes of a member. None of its methods throws.
	 */
	interface Listener {

		/**
		 * The member got lanes, besides those that it has; it may have become a member
		 * just now.
		 * @param lanes the numbers of the lanes; none if there is no work for it
		 */
		void assigned(Set<Integer> lanes);

		/**
		 * The member has to give lanes away. As soon as this returns another one may have
		 * them, so it returns once they have committed and closed; if that takes longer
		 * than the membership lasts they are {@linkplain #lost lost}.
		 * @param lanes the numbers of the lanes
		 */
		void revoked(Set<Integer> lanes);

		/**
		 * The member has lost lanes: others may have them already. Nothing is to be
		 * committed of them.
		 * @param lanes the numbers of the lanes
		 */
		void lost(Set<Integer> lanes);

		/**
		 * The member is none for now, since its broker does not answer or does not take
		 * it. It goes on trying, and says so each time that it could not.
		 * @param problem what is in the way
		 */
		default void kept(BrokerUnavailableException problem) {
		}

		/**
		 * The membership is over, and all lanes are lost.
		 * @param cause why: a {@link MillTakenOverException} if another instance has
		 * taken this member's place
		 */
		void ended(RuntimeException cause);

	}

	/**
	 * A member as others see it. Immutable.
	 *
	 * @param id what the broker calls it
	 * @param host where it runs, as far as the broker knows
	 * @param lanes the lanes that it holds
	 */
	record Peer(String id, String host, Set<Integer> lanes) {

		/**
		 * Create a peer.
		 */
		public Peer {
			lanes = Set.copyOf(lanes);
		}

	}

}
