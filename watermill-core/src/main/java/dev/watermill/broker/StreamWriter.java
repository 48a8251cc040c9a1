package dev.watermill.broker;

import dev.watermill.stream.Position;

/**
 * Writes the results of a mill to one stream. The order of calls is: results, then
 * {@link #flush()}, then the commit, then {@link #committed(boolean)}; before the last
 * flush of all, {@link #endOfStream()}. A writer is used by one thread.
 *
 * @param <R> the type of the results
 * @since 0.1.0
 */
public interface StreamWriter<R> extends AutoCloseable {

	/**
	 * Write one result behind the others.
	 * @param result the result
	 * @throws BrokerUnavailableException if it can be expected to work later; the work
	 * since the last commit is repeated then
	 * @throws BrokerException if it can't be written
	 */
	void write(R result);

	/**
	 * Write one result behind the others, with what is to be known of it besides its
	 * value. A broker whose elements are nothing but their values writes the value.
	 * @param result the result
	 * @param metadata what is to be known of it
	 */
	default void write(R result, ResultMetadata metadata) {
		write(result);
	}

	/**
	 * Write the mark that says the stream is over.
	 */
	void endOfStream();

	/**
	 * Bring everything written so far to where a crash of this process can't take it
	 * from.
	 * @return how far the stream reaches now, as {@link StreamSink#open} needs it to take
	 * back whatever comes behind
	 */
	Position flush();

	/**
	 * Called after a commit.
	 * @param completed whether the commit said that the mill completed
	 */
	default void committed(boolean completed) {
	}

	/**
	 * Let go of the stream. What was not committed need not be kept.
	 */
	@Override
	void close();

}
