package dev.watermill.broker;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.watermill.stream.Position;

/**
 * Reads a stream forward. A reader is used by one thread, except for {@link #remaining()}
 * and {@link #wakeUp()}; what it returns stays valid after later reads.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public interface StreamReader<T> extends AutoCloseable {

	/**
	 * Read the next elements.
	 * @param timeout how long to wait for the first of them; zero takes what is there
	 * @return a batch, empty if nothing came; after one whose status is
	 * {@link Batch.Status#ENDED} nothing more is read
	 * @throws BrokerUnavailableException if it can be expected to work later; the reader
	 * is closed and opened again at the position where it was
	 * @throws BrokerException if it can't go on
	 * @throws InterruptedException if the thread was interrupted while it waited
	 */
	Batch<T> read(Duration timeout) throws InterruptedException;

	/**
	 * Let a read that waits return at once, with whatever there is. Called by other
	 * threads, maybe a moment after the reader was closed, for a lane that is to end; a
	 * reader that can't do this keeps it waiting for as long as it was told to.
	 */
	default void wakeUp() {
	}

	/**
	 * Called now and then while other streams are waited for, for a reader that can find
	 * out by itself that it can't go on.
	 * @throws BrokerUnavailableException if it can be expected to work later
	 * @throws BrokerException if it can't go on
	 */
	default void verify() {
	}

	/**
	 * How many elements are known to stand behind what was read. It is asked for by other
	 * threads, too, while one reads or waits, and maybe a moment after the reader was
	 * closed; so it takes what is known, and asks nobody.
	 * @return the number of elements, empty while it is unknown
	 */
	default OptionalLong remaining() {
		return OptionalLong.empty();
	}

	/**
	 * How many elements were gone before they could be read, for a reader that goes on
	 * without them.
	 * @return the number since the reader was opened
	 */
	default long lost() {
		return 0;
	}

	/**
	 * How much of the stream stands before a position, for a stream whose end is known.
	 * @param position a position in the stream
	 * @return a number from 0 to 1, empty while it is unknown
	 */
	default OptionalDouble progress(Position position) {
		return OptionalDouble.empty();
	}

	/**
	 * Called after a commit, for a broker that shows others how far a stream was read.
	 * @param position where the stream is taken up again
	 */
	default void committed(Position position) {
	}

	@Override
	void close();

}
