package dev.watermill.broker;

import java.util.Optional;

/**
 * By which streams and a place of commits find each other: of what kind something takes
 * part in commits, and in those of which store. Keys of equal types and stores are equal;
 * a key goes through whatever wraps a stream, a place or a log.
 * <p>
 * A database that commits results and positions in one transaction has a key for it:
 *
 * <pre>{@code
 * ParticipantKey<Connection> transaction = new ParticipantKey<>(Connection.class, dataSource);
 * }</pre>
 *
 * Its {@link CommitLog} answers the key with the connection, whose transaction it commits
 * together with the positions; its {@link StreamSink} asks the log for it, and refuses a
 * log that has none, since the mill commits elsewhere then.
 *
 * @param <P> what takes part
 * @param type what takes part
 * @param store where it is committed, for example a cluster or a database
 * @since 0.1.0
 */
public record ParticipantKey<P>(Class<P> type, Object store) {

	/**
	 * Answer a question by a key.
	 * @param <Q> what is asked for
	 * @param asked the key that is asked for
	 * @param participant what takes part by this key
	 * @return the participant, or empty if another one is asked for
	 */
	public <Q> Optional<Q> answer(ParticipantKey<Q> asked, P participant) {
		return equals(asked) ? Optional.of(asked.type().cast(participant)) : Optional.empty();
	}

}
