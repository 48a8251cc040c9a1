package dev.watermill.join.internal;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.watermill.broker.Checkpoint;
import dev.watermill.join.InputStatus;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.stream.Position;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * A stream as the pages that a cursor goes along, one after another. Used by one thread,
 * but for {@link #remaining()} and {@link #heldBackBy()}.
 */
interface Pages extends AutoCloseable {

	/**
	 * Open the stream, after waiting for its broker as long as it takes.
	 */
	void open();

	/**
	 * Fail if the broker found that it can't go on, though the stream is not waited for.
	 */
	void verify();

	/**
	 * What was read last: at first the empty page before the first one.
	 */
	Page last();

	/**
	 * Read what is there, and be it nothing. Waits for the broker as long as it takes,
	 * but not for the stream.
	 */
	default Page read() {
		return read(Duration.ZERO);
	}

	/**
	 * Read what comes within a time.
	 */
	Page read(Duration timeout);

	/**
	 * Read what comes, and take note of the silence if nothing does. While nobody knows
	 * whether something is there the stream isn't silent.
	 * @param timeout how long to wait for it
	 */
	Page await(Duration timeout);

	/**
	 * How long the stream was waited for at its end since anything came of it.
	 */
	Duration silence();

	/**
	 * Read what stands behind the last page, if it is there, without waiting for anyone,
	 * to see whether its keys go back.
	 * @return the next page, {@code null} if nothing is there, or if the keys of a page
	 * are checked before it is made
	 */
	@Nullable Page peek();

	/**
	 * Pass what came since the stream is over because it was silent, without waiting for
	 * anyone.
	 */
	default void passLate() {
	}

	/**
	 * Whether the order is checked against the next page before a page is made, so that
	 * nobody needs to look ahead.
	 */
	boolean isChecked();

	/**
	 * Check the order of what was read for pages to come.
	 * @throws StreamException if a key goes back where that stops the mill
	 */
	void checkOrder();

	/**
	 * Take back the columns of keys of a page that is gone.
	 */
	void reuse(KeyColumn[] columns);

	/**
	 * Whether anything came since reading began: an element, or the mark of a stream that
	 * can go on behind it.
	 */
	boolean hasNews();

	/**
	 * Whether the position moved, since the last commit, over what is no element. Nobody
	 * may keep it, so it must not be read again.
	 */
	boolean hasMoved();

	/**
	 * Between which keys the stream was read.
	 * @param column the column of the key
	 * @return the keys, {@code null} if nothing was read since reading began
	 */
	InputStatus.@Nullable KeyRange range(int column);

	/**
	 * Note down, for those who ask the broker, how far the stream was read for good.
	 */
	void committed(Checkpoint.@Nullable Input input);

	/**
	 * How many elements are known to stand behind the last page. Other threads may ask,
	 * too.
	 */
	OptionalLong remaining();

	/**
	 * Let a read that waits return at once. Called by other threads.
	 */
	void wakeUp();

	/**
	 * How much of the stream stands before a position.
	 */
	OptionalDouble progress(Position position);

	/**
	 * Which part of the stream keeps others from being read on. Other threads may ask,
	 * too.
	 * @return a text for people, {@code null} if none does
	 */
	@Nullable String heldBackBy();

	@Override
	void close();

}
