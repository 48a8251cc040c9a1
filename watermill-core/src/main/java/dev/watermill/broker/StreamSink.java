package dev.watermill.broker;

import java.util.Optional;

import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where one output stream of a mill is written.
 *
 * @param <R> the type of the results
 * @since 0.1.0
 */
public interface StreamSink<R> {

	/**
	 * Where the stream lives, in the words of its user.
	 * @return for example {@code file out/speed.json}
	 */
	String location();

	/**
	 * What the place is: sources and sinks of equal resources are one place.
	 * @return for example the absolute path of a file
	 */
	Object resource();

	/**
	 * Whether this is written to a place. For places that can have several names;
	 * otherwise the place is the {@linkplain #resource() resource}.
	 * @param resource the resource of another sink
	 * @return {@code true} if both are one place
	 */
	default boolean writes(Object resource) {
		return resource().equals(resource);
	}

	/**
	 * Check the settings by which the stream is written, as far as they can be right or
	 * wrong whatever the state of the place is, which may be away or yet to be made.
	 * Frameworks call it for all mills, among them those that are not to start.
	 * @throws BrokerException if the stream can never be opened with them
	 */
	default void verifySettings() {
	}

	/**
	 * Check what can be checked before the mill starts: that the place can be written.
	 * @throws BrokerException if the stream certainly can't be opened
	 */
	default void verify() {
	}

	/**
	 * Where the results stand until the stream is over, if they stand at
	 * {@link #location()} only then. An endless mill warns about such an output.
	 * @return for example {@code out/speed.json.part}, or empty if results stand there at
	 * once
	 */
	default Optional<String> unfinishedLocation() {
		return Optional.empty();
	}

	/**
	 * Note, before the stream is opened, that each result is going to be written with a
	 * key.
	 */
	default void withKeys() {
	}

	/**
	 * See to it that lanes find the partitions that they write, one for each: a stream
	 * that is not there is made with so many. Called before any lane writes, and again
	 * when there are more lanes.
	 * @param lanes how many lanes the mill has
	 * @throws BrokerUnavailableException if it can be expected to work later
	 * @throws BrokerException if the stream has too few partitions
	 */
	default void prepare(int lanes) {
	}

	/**
	 * Return where one of several lanes writes: a place of its own if it is not a
	 * partition of this one.
	 * @param lane the number of the lane
	 * @return this, or a sink of the lane's own
	 * @throws BrokerException if lanes would be in each other's way
	 */
	default StreamSink<R> lane(int lane) {
		return this;
	}

	/**
	 * Open the stream for writing. What stands behind the committed position is taken
	 * back, since it belongs to work that is going to be repeated.
	 * @param committed what {@link StreamWriter#flush()} returned at the last commit, or
	 * {@code null} if nothing was committed yet
	 * @param log where this mill commits, for a sink whose results belong to the same
	 * transaction: see {@link CommitLog#participant}
	 * @return a writer, to be closed by the caller and used by one thread
	 * @throws BrokerUnavailableException if it can be expected to work later
	 * @throws BrokerException if it can't be opened, among others because less is there
	 * than was committed
	 */
	StreamWriter<R> open(@Nullable Position committed, CommitLog log);

	/**
	 * Whether what was committed stands here, asked if the mill committed it while its
	 * streams were bound to other places. Otherwise the stream begins here.
	 * @param committed what {@link StreamWriter#flush()} returned at the last commit
	 * @return {@code true} if the stream can be opened with this position
	 * @throws BrokerException if something else stands here that must not be replaced
	 */
	default boolean holds(Position committed) {
		return true;
	}

	/**
	 * Finish what has to follow the commit that said the mill completed, in case a crash
	 * came between. Called before a completed mill starts again; does nothing if nothing
	 * is left to do.
	 * @param committed what {@link StreamWriter#flush()} returned at that commit
	 */
	default void finish(Position committed) {
	}

	/**
	 * Give up what a completed mill wrote, since it starts afresh, so that the stream can
	 * be opened without a position. Called after {@link #finish} for batches only.
	 */
	default void discard() {
	}

	/**
	 * Whether the stream is written anew, from the start, when its mill is started again
	 * after it completed; a file is.
	 * @return {@code true} if the stream is written anew
	 */
	default boolean isBatch() {
		return false;
	}

	/**
	 * Whether mills may share the place, so that what is there may be of others; one of
	 * dead letters may be.
	 * @return {@code true} if another mill may write there
	 */
	default boolean isShared() {
		return false;
	}

	/**
	 * Whether results can carry headers, so that those which trace a request are handed
	 * on.
	 * @return {@code true} if they can
	 */
	default boolean carriesHeaders() {
		return false;
	}

	/**
	 * Take part in the commits of a place that knows how.
	 * @param <P> what takes part
	 * @param key of what kind, and in those of which store
	 * @return the participant, or empty if this does not take part in such commits
	 */
	default <P> Optional<P> participant(ParticipantKey<P> key) {
		return Optional.empty();
	}

	/**
	 * Where positions are committed together with what is written here.
	 * @return the place, or empty if this sink follows another's
	 */
	default Optional<CommitPlace> commitPlace() {
		return Optional.empty();
	}

}
