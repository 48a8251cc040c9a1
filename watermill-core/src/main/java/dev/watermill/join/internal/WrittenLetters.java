package dev.watermill.join.internal;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Checkpoint;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * How far the dead letters of a stream have been written, and which they are: farther
 * than where the stream is taken up again, as long as elements are held that stand before
 * some of them. What is read again then is not written again. Used by one thread.
 */
final class WrittenLetters {

	/**
	 * What a run before this one wrote, {@code null} once the stream is read beyond that.
	 */
	private @Nullable KnownLetters before;

	/**
	 * Whether any was written that may stand behind where the stream is taken up again.
	 */
	private boolean behind;

	private final PassedLetters passed = new PassedLetters();

	WrittenLetters(@Nullable KnownLetters before) {
		this.before = before;
	}

	/**
	 * Whether a dead letter was written by a run before this one. Asked of each that is
	 * passed, in order.
	 */
	boolean isWritten(Batch<?> batch, int index) {
		KnownLetters known = this.before;
		if (known != null && known.pass(batch, index)) {
			return true;
		}
		if (known != null && known.areBefore(batch, index)) {
			leaveBehind(known);
		}
		return false;
	}

	/**
	 * Note that one was passed, which is written.
	 * @param letter its number, as the broker has it
	 * @param next the number of the accepted element before which it stands
	 */
	void passed(long letter, long next) {
		this.behind |= this.before == null;
		this.passed.add(letter, next);
	}

	/**
	 * The stream goes on to another page.
	 */
	void turnTo(Page page) {
		KnownLetters known = this.before;
		Batch<?> batch = page.batch(false);
		if (known != null && batch != null
				&& (batch.isSegmentStart() || (batch.size() > 0 && known.areBefore(batch, 0)))) {
			leaveBehind(known);
		}
	}

	/**
	 * The stream is read beyond what was written before, though elements before that may
	 * be held.
	 */
	private void leaveBehind(KnownLetters known) {
		known.forget();
		this.before = null;
		this.behind = true;
	}

	/**
	 * Add how far letters have been written, and which, if any may stand behind where the
	 * stream is taken up again.
	 * @param input where that is
	 * @param resumed the number of the accepted element there
	 * @param standing where the stream stands
	 */
	Checkpoint.Input addTo(Checkpoint.Input input, long resumed, @Nullable Position standing) {
		this.passed.takenUpAt(resumed);
		KnownLetters known = this.before;
		if (known != null) {
			return known.addTo(input, this.passed.numbers(resumed));
		}
		if (!this.behind || standing == null || standing.equals(input.position())) {
			return input;
		}
		NumberRanges numbers = this.passed.numbers(resumed);
		return input.withLetters(standing, (numbers != null) ? numbers.sortedFrom(0).toString() : null);
	}

	/**
	 * Note what was committed of the stream.
	 */
	void committed(Checkpoint.Input input) {
		this.behind &= input.letters() != null;
	}

}
