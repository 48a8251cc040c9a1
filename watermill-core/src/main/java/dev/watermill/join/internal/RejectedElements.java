package dev.watermill.join.internal;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.join.JoinNode;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The rejected elements of a cursor's page, each of which is passed where it stands: told
 * of, or written to the dead letters, and counted. Used by one thread, except for what is
 * said otherwise.
 */
final class RejectedElements {

	private final String stream;

	/** Those of a stream that all lanes read are rejected once. */
	private final boolean isCounting;

	private final StreamAccount account;

	private final Waiting waiting;

	private final WrittenLetters letters;

	/** How many of the page were passed. */
	private int passed;

	/** Whether any were since the last commit. */
	private boolean moved;

	RejectedElements(JoinNode node, LaneId lane, StreamAccount account, Waiting waiting, @Nullable KnownLetters known) {
		this.stream = node.stream();
		this.isCounting = lane.lane() == 0 || !node.source().isReadWhole();
		this.account = account;
		this.waiting = waiting;
		this.letters = new WrittenLetters(known);
	}

	/**
	 * How many of the page were passed. Other threads may ask, too: what they see may be
	 * of a moment ago.
	 */
	int passed() {
		return this.passed;
	}

	/**
	 * Whether none is left of the page.
	 */
	boolean areAllPassed(Page page) {
		return this.passed == page.rejectedCount();
	}

	/**
	 * Before which element of the page the next one stands.
	 */
	int next(Page page) {
		return page.placeOfRejected(this.passed);
	}

	/**
	 * Pass those that stand before an element of the page.
	 */
	void passBefore(int index, Page page) {
		while (next(page) <= index) {
			if (this.isCounting) {
				pass(page.rejected(this.passed), page.number);
			}
			this.passed++;
			this.moved = true;
		}
	}

	private void pass(Rejected rejected, long pageNumber) {
		boolean counted = this.account.passes(rejected);
		if (rejected.isDeadLetter()) {
			if (!rejected.isWritten(this.letters)) {
				this.waiting.deadLetter(this.stream, rejected);
			}
			this.letters.passed(rejected.number(), pageNumber + rejected.before());
		}
		else if (counted) {
			this.waiting.rejected(this.stream, rejected);
		}
	}

	/**
	 * The stream goes on to another page.
	 */
	void turnTo(Page page) {
		this.letters.turnTo(page);
		this.passed = 0;
	}

	/**
	 * Whether any was passed since the last commit.
	 */
	boolean hasMoved() {
		return this.moved;
	}

	/**
	 * Add the dead letters, as {@link WrittenLetters#addTo} has it.
	 */
	Checkpoint.Input addLetters(Checkpoint.Input input, long resumed, @Nullable Position standing) {
		return this.letters.addTo(input, resumed, standing);
	}

	/**
	 * Note what was committed of the stream, {@code null} if nothing was.
	 */
	void committed(Checkpoint.@Nullable Input input) {
		this.moved = false;
		if (input != null) {
			this.letters.committed(input);
		}
	}

}
