package dev.watermill.join.internal;

import java.util.ArrayDeque;

import org.jspecify.annotations.Nullable;

/**
 * The dead letters that were passed behind the place where their stream is taken up
 * again, as many runs of them as are kept. Used by one thread.
 */
final class PassedLetters {

	/** So that a position stays small, and so does what is held. */
	private static final int MOST_RUNS = 10_000;

	private final ArrayDeque<Run> runs = new ArrayDeque<>();

	/** Before which accepted element there were others that are not kept. */
	private long forgotten;

	/**
	 * Add one.
	 * @param letter its number, as the broker has it, -1 if it has none
	 * @param next the number of the accepted element before which it stands
	 */
	void add(long letter, long next) {
		if (letter < 0) {
			this.forgotten = next;
			return;
		}
		Run last = this.runs.peekLast();
		if (last != null && last.next == next && last.to == letter) {
			last.to++;
			return;
		}
		this.runs.add(new Run(letter, next));
		if (this.runs.size() > MOST_RUNS) {
			this.forgotten = this.runs.remove().next;
		}
	}

	/**
	 * Forget those that are not read again.
	 * @param resumed the number of the accepted element at which the stream is taken up
	 */
	void takenUpAt(long resumed) {
		Run first = this.runs.peek();
		while (first != null && first.next <= resumed) {
			this.runs.remove();
			first = this.runs.peek();
		}
	}

	boolean isEmpty() {
		return this.runs.isEmpty() && this.forgotten == 0;
	}

	/**
	 * Return their numbers, {@code null} if some are not known any more.
	 * @param resumed the number of the accepted element at which the stream is taken up
	 */
	@Nullable NumberRanges numbers(long resumed) {
		if (resumed < this.forgotten) {
			return null;
		}
		NumberRanges numbers = new NumberRanges();
		this.runs.forEach((run) -> numbers.add(run.from, run.to));
		return numbers;
	}

	/** Letters side by side. */
	private static final class Run {

		private final long from;

		private final long next;

		private long to;

		Run(long letter, long next) {
			this.from = letter;
			this.to = letter + 1;
			this.next = next;
		}

	}

}
