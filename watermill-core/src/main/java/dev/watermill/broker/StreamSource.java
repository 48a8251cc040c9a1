package dev.watermill.broker;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import dev.watermill.stream.Position;
import dev.watermill.stream.RecordFact;
import org.jspecify.annotations.Nullable;

/**
 * Where one node of a join tree reads its stream.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public interface StreamSource<T> {

	/**
	 * Where the stream lives, in the words of its user.
	 * @return for example {@code file in/robots.json}
	 */
	String location();

	/**
	 * What the place is: sources and sinks of equal resources are one place, by which it
	 * is seen that one mill reads what another writes.
	 * @return for example the absolute path of a file
	 */
	Object resource();

	/**
	 * Whether what is written to a place is read here. For streams that have several
	 * places; otherwise the place is the {@linkplain #resource() resource}.
	 * @param resource the resource of a sink
	 * @return {@code true} if it is read
	 */
	default boolean reads(Object resource) {
		return resource().equals(resource);
	}

	/**
	 * Check the settings by which the stream is read, as far as they can be right or
	 * wrong whatever the state of the place is, which may be away or yet to be made.
	 * Frameworks call it for all mills, among them those that are not to start.
	 * @throws BrokerException if the stream can never be opened with them
	 */
	default void verifySettings() {
	}

	/**
	 * Check what can be checked before the mill starts: that the place is there and can
	 * be read. Not called where another mill has yet to write it.
	 * @throws BrokerException if the stream certainly can't be opened
	 */
	default void verify() {
	}

	/**
	 * Return where a mill begins that has no position yet.
	 * @param lane who asks
	 * @param from where its user wants it to begin, for streams that know such places
	 * @return the position; an empty one stands for the start
	 * @throws BrokerUnavailableException if it can be expected to be known later; the
	 * mill waits and asks again
	 */
	default Position start(LaneId lane, StartFrom from) {
		return Position.empty();
	}

	/**
	 * Return where a mill goes on that is started again after it completed.
	 * @param position where it would go on had it been stopped: at the mark of a stream
	 * that is over, where it was read up to there
	 * @param over whether this stream is over
	 * @return the position to commit; where the stream is not over, with all fields of
	 * the position, since not all of them are the broker's
	 */
	default Position completed(Position position, boolean over) {
		return position;
	}

	/**
	 * How many partitions the stream has, each of which is read by a lane of its own. The
	 * partitioned streams of a mill have equally many.
	 * @return the number, or empty if each lane reads the stream as a whole, as it does a
	 * file
	 * @throws BrokerUnavailableException if it can be expected to be known later
	 */
	default OptionalInt partitions() {
		return OptionalInt.empty();
	}

	/**
	 * Whether the partitions of the stream are read as one, in the order of their keys.
	 * @return this as such a source, or empty if it is none
	 */
	default Optional<MergedSource<T>> merged() {
		return Optional.empty();
	}

	/**
	 * Whether each lane reads the stream as a whole, so that only the first of them
	 * counts what is bad in it.
	 * @return {@code true} if it has no {@linkplain #partitions() partitions}
	 */
	default boolean isReadWhole() {
		return partitions().isEmpty();
	}

	/**
	 * Why elements that were read may be gone when a mill reads them again, which still
	 * holds them, be it after a long time.
	 * @return in words, for example
	 * {@code deletes records after 7 days (retention.ms=604800000)}; empty if the stream
	 * keeps what was written to it, or nobody knows
	 * @throws BrokerUnavailableException if it can be expected to be known later
	 */
	default Optional<String> retention() {
		return Optional.empty();
	}

	/**
	 * Note, before the stream is opened, that elements of it may become dead letters, so
	 * that its batches have to know the {@linkplain Batch#original(int) originals}.
	 * @throws BrokerException if this broker can't know them
	 */
	default void keepOriginals() {
		throw new BrokerException(location() + " doesn't keep what was read, so its elements can't become dead "
				+ "letters. Set on-invalid, on-tombstone and on-disorder to fail or skip.");
	}

	/**
	 * What records of this stream have besides their values, so that keys can be computed
	 * of it. Asked before the stream is opened.
	 * @return what the {@linkplain Batch#facts(int) facts} tell
	 */
	default Set<RecordFact> recordFacts() {
		return Set.of();
	}

	/**
	 * Open the stream. All streams of a lane are opened before the first of them is read.
	 * @param lane who reads
	 * @param from where to read from: a position that this broker gave, or {@code null}
	 * for the start
	 * @return a reader, to be closed by the caller and used by one thread
	 * @throws BrokerUnavailableException if it can be expected to work later; the mill
	 * waits and asks again
	 * @throws BrokerException if it can't be opened, among others because what was read
	 * before the position has changed; the mill fails
	 */
	StreamReader<T> open(LaneId lane, @Nullable Position from);

	/**
	 * The names under which this broker keeps what belongs to this node alone, by which
	 * it is seen that two nodes would be in each other's way.
	 * @param lane who reads
	 * @return the names
	 */
	default Set<ReservedName> reservedNames(LaneId lane) {
		return Set.of();
	}

	/**
	 * Whether the stream is over at its end and is read anew, from the start, when its
	 * mill is started again after it completed; a file is. Otherwise the mill goes on
	 * behind what it read.
	 * @return {@code true} if the stream is read anew
	 */
	default boolean isBatch() {
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
	 * Note where a lane commits that reads this, before it opens it: each may have a
	 * place of its own. A broker that shows others how far a stream was read need not do
	 * so by itself where the place {@linkplain CommitPlace#covers covers} the stream.
	 * @param lane the lane
	 * @param place the place
	 */
	default void committedAt(LaneId lane, CommitPlace place) {
	}

	/**
	 * Where positions are committed, those of all inputs, if a mill writes nothing that
	 * has a place of its own. The first input that has one decides.
	 * @return the place, or empty for a checkpoint in the mill's state directory
	 */
	default Optional<CommitPlace> commitPlace() {
		return Optional.empty();
	}

}
