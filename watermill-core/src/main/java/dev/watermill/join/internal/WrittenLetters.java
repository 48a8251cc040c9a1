package dev.watermill.join.internal;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Checkpoint;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * How far the dead letters of a stream have been written: farther than where the stream
 * is taken up again, as long as elements are held that stand before some of them. What is
 * read again then is not written again. Used by one thread.
 */
final class WrittenLetters {

	/**
	 * Up to where a run before this one has written them, {@code null} once the stream is
	 * read beyond that.
	 */
	private @Nullable Position before;

	/**
	 * Whether any was written that may stand behind where the stream is taken up again.
	 */
	private boolean behind;

	WrittenLetters(Checkpoint.Input from) {
		this.before = from.letters();
	}

	/**
	 * Whether a dead letter was written by a run before this one. Asked of each that is
	 * passed, in order.
	 */
	boolean isWritten(Batch<?> batch, int index) {
		Position known = this.before;
		if (known != null && batch.isBefore(index, known)) {
			return true;
		}
		leaveBehind();
		return false;
	}

	/**
	 * Note that one was written.
	 */
	void written() {
		this.behind = true;
	}

	/**
	 * The stream goes on to another page.
	 */
	void turnTo(Page page) {
		Position known = this.before;
		Batch<?> batch = page.batch(false);
		if (known != null && batch != null
				&& (batch.isSegmentStart() || (batch.size() > 0 && !batch.isBefore(0, known)))) {
			leaveBehind();
		}
	}

	/**
	 * The stream is read beyond what was written before, though elements before that may
	 * be held.
	 */
	private void leaveBehind() {
		this.behind |= this.before != null;
		this.before = null;
	}

	/**
	 * How far they have been written.
	 * @param standing where the stream stands
	 * @param resumed where it is taken up again
	 * @return a position, {@code null} if it is not behind the one where the stream is
	 * taken up again
	 */
	@Nullable Position upTo(@Nullable Position standing, @Nullable Position resumed) {
		if (!this.behind) {
			return this.before;
		}
		return (standing != null && !standing.equals(resumed)) ? standing : null;
	}

	/**
	 * Note what was committed of the stream.
	 */
	void committed(Checkpoint.Input input) {
		this.behind &= input.letters() != null;
	}

}
