package dev.watermill.join.internal;

import java.time.Duration;

import dev.watermill.broker.BrokerUnavailableException;

/**
 * Knows how to wait, for a merge whose streams have nothing for it. All methods are
 * called by the thread that merges, in the middle of it; each may throw to end the merge,
 * which can be asked for its positions all the while, and for nothing that would have it
 * read.
 *
 * @since 0.1.0
 */
public interface Waiting {

	/**
	 * A stream goes on to its next page.
	 * @param consumed whether there was anything in the last one
	 */
	void beforePage(boolean consumed);

	/**
	 * No later element of the master can have its matches, since a stream below is over:
	 * there is nothing to wait for.
	 */
	void nothingMatches();

	/**
	 * A stream has nothing to read now, and is going to be waited for.
	 * @param awaited what is known to be there all the same
	 * @return how long to wait for something
	 */
	Duration idle(Awaited awaited);

	/**
	 * A stream was waited for that long, and nothing came.
	 */
	void timedOut();

	/**
	 * What was waited for has come, or is over: the merge works on.
	 */
	void goesOn();

	/**
	 * Whether a stream counts as over that has been silent, although its broker answers.
	 * @param silent how long it was waited for, and nothing came
	 * @return {@code true} if nothing more is expected of it
	 */
	boolean countsAsOver(Duration silent);

	/**
	 * Whether a stream that has been silent, although its broker answers, is not waited
	 * for by those who have what they need: what is there counts as all there is.
	 * @param silent how long it was waited for, and nothing came
	 * @return {@code true} if so
	 */
	boolean countsAsAll(Duration silent);

	/**
	 * A stream counts as all there is, and is waited for all the same.
	 * @param master whether it is the master's, so that none of its elements waits for
	 * its matches
	 */
	void silent(boolean master);

	/**
	 * A broker does not answer. Returns when it is time to try again.
	 * @param stream the name of the stream
	 * @param problem what the broker said
	 * @param attempt how often it did so in a row, from 1
	 */
	void unavailable(String stream, BrokerUnavailableException problem, int attempt);

	/**
	 * A broker that did not answer does so again.
	 * @param stream the name of the stream
	 */
	void available(String stream);

	/**
	 * The thread was interrupted while it waited for a stream. Returns if it is to go on
	 * waiting.
	 */
	void interrupted();

	/**
	 * The merge passes the place of an element that is a dead letter, which was not
	 * written yet. The next commit covers it.
	 * @param stream the name of the stream
	 * @param element the element
	 */
	void deadLetter(String stream, Rejected element);

	/**
	 * The merge passes the place of an element that was rejected, and is not kept
	 * anywhere. The next commit covers it.
	 * @param stream the name of the stream
	 * @param element the element
	 */
	void rejected(String stream, Rejected element);

	/**
	 * What is waited for.
	 */
	enum Awaited {

		/** As far as it is known, nothing is there. */
		NOTHING,

		/**
		 * Something is there, but has to wait for a part of the stream that is silent.
		 */
		HELD_BACK,

		/** Something is there, and has yet to be fetched. */
		ON_ITS_WAY

	}

}
